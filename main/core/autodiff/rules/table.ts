import type { OpName } from '../../onnx/ops.js';
import type { GradientRule } from '../rule.js';
import { conv, convTranspose } from './convolution.js';
import * as elementwise from './elementwise.js';
import * as layout from './layout.js';
import { gemm, matMul } from './linear.js';
import { batchNormalization, instanceNormalization, layerNormalization } from './normalization.js';
import { averagePool, globalAveragePool, maxPool } from './pooling.js';
import { dequantizeLinear, quantizeLinear } from './quantization.js';
import * as reduce from './reduce.js';
import { resize } from './resize.js';
import * as select from './select.js';

/** The gradient of every supported operator: leaving one out does not compile. */
export const GRADIENT_RULES: { readonly [P in OpName]: GradientRule } = {
  Abs: elementwise.abs,
  Add: elementwise.add,
  And: elementwise.none,
  AveragePool: averagePool,
  BatchNormalization: batchNormalization,
  Cast: elementwise.cast,
  Clip: elementwise.clip,
  Concat: select.concat,
  Constant: elementwise.none,
  Conv: conv,
  ConvTranspose: convTranspose,
  DepthToSpace: layout.depthToSpace,
  DequantizeLinear: dequantizeLinear,
  Div: elementwise.div,
  Equal: elementwise.none,
  Erf: elementwise.erf,
  Exp: elementwise.exp,
  Expand: layout.expand,
  Flatten: layout.reshaped,
  Floor: elementwise.none,
  Gather: select.gather,
  Gemm: gemm,
  GlobalAveragePool: globalAveragePool,
  Greater: elementwise.none,
  GreaterOrEqual: elementwise.none,
  Identity: elementwise.identity,
  InstanceNormalization: instanceNormalization,
  LayerNormalization: layerNormalization,
  LeakyRelu: elementwise.leakyRelu,
  Less: elementwise.none,
  LessOrEqual: elementwise.none,
  Log: elementwise.log,
  MatMul: matMul,
  Max: elementwise.extreme,
  MaxPool: maxPool,
  Min: elementwise.extreme,
  Mul: elementwise.mul,
  Neg: elementwise.neg,
  Not: elementwise.none,
  PRelu: elementwise.pRelu,
  Pad: select.pad,
  Pow: elementwise.pow,
  QuantizeLinear: quantizeLinear,
  ReduceMax: reduce.reduceMax,
  ReduceMean: reduce.reduceMean,
  ReduceSum: reduce.reduceSum,
  Relu: elementwise.relu,
  Reshape: layout.reshaped,
  Resize: resize,
  Round: elementwise.none,
  Shape: elementwise.none,
  Sigmoid: elementwise.sigmoid,
  Sign: elementwise.none,
  Slice: select.slice,
  Softmax: reduce.softmax,
  Softplus: elementwise.softplus,
  SpaceToDepth: layout.spaceToDepth,
  Split: select.split,
  Sqrt: elementwise.sqrt,
  Squeeze: layout.reshaped,
  Sub: elementwise.sub,
  Tanh: elementwise.tanh,
  Transpose: layout.transpose,
  Unsqueeze: layout.reshaped,
  Where: elementwise.where,
};

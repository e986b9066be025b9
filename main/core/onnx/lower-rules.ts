import type { LoweringContext, LoweringRule } from './lower.js';
import { floatAttr, intAttr, intsAttr, stringAttr, tensorAttr, type Attribute, type Node } from './model.js';
import { scalarTensor } from './tensor.js';

/** How nodes of other operator sets, and operators without rules of their own, are written. */

/** From this operator set on, axes and the like are inputs. */
const AXES_AS_INPUTS = 13;

const int = (value: number): Attribute => ({ kind: 'int', value });
const ints = (value: readonly number[]): Attribute => ({ kind: 'ints', value });

/** Before operator set 13 an attribute held what is the second input since. */
const attributeToInput =
  (name: string): LoweringRule =>
  (x) => {
    if (x.opset >= AXES_AS_INPUTS || !x.node.attributes.has(name)) return undefined;
    return x.without([name], [x.node.inputs[0]!, x.ints(intsAttr(x.node, name))]);
  };

/** From operator set 18 on the second input holds what was an attribute. */
const inputToAttribute: LoweringRule = (x) => {
  if (!x.has(1)) return x.node.attributes.has('noop_with_empty_axes') ? withoutNoop(x) : undefined;
  const axes = x.valuesOf(1, 'the axes')!;
  const node = x.without(['noop_with_empty_axes'], [x.node.inputs[0]!]);
  if (axes.length === 0) return intAttr(x.node, 'noop_with_empty_axes', 0) ? x.last('Identity', node.inputs) : node;
  return { ...node, attributes: new Map([...node.attributes, ['axes', ints(axes)]]) };
};

function withoutNoop(x: LoweringContext): Node {
  const isNoop = intAttr(x.node, 'noop_with_empty_axes', 0) !== 0;
  return isNoop ? x.last('Identity', [x.node.inputs[0]!]) : x.without(['noop_with_empty_axes']);
}

/** Before operator set 13 all axes from the given one on counted as one. */
function softmaxOf(x: LoweringContext, op: 'Softmax' | 'LogSoftmax'): Node | undefined {
  const axis = intAttr(x.node, 'axis', x.opset < AXES_AS_INPUTS ? 1 : -1);
  if (x.opset >= AXES_AS_INPUTS || axis === -1) {
    return op === 'Softmax' ? undefined : x.last('Sub', logSoftmaxParts(x, x.node.inputs[0]!, axis));
  }
  const flat = x.op('Flatten', [x.node.inputs[0]!], { axis: int(axis) });
  const done = op === 'Softmax' ? x.op('Softmax', [flat], { axis: int(1) }) : x.op('Sub', logSoftmaxParts(x, flat, 1));
  return x.last('Reshape', [done, x.op('Shape', [x.node.inputs[0]!])]);
}

/** log softmax x = z - log sum e^z, with z = x - max x; its two terms. */
function logSoftmaxParts(x: LoweringContext, input: string, axis: number): [string, string] {
  const z = x.op('Sub', [input, x.op('ReduceMax', [input], { axes: ints([axis]) })]);
  const sum = x.op('ReduceSum', [x.op('Exp', [z]), x.ints([axis])]);
  return [z, x.op('Log', [sum])];
}

/** y = x where x > 0, else scale (e^min(x, 0) - 1): the exponential cannot overflow where it is not taken */
function elu(x: LoweringContext, alpha: number, input: string): [string, string, string] {
  const negative = x.op('Sub', [x.op('Exp', [x.op('Min', [input, x.scalar(0)])]), x.scalar(1)]);
  return [x.op('Greater', [input, x.scalar(0)]), input, x.op('Mul', [negative, x.scalar(alpha)])];
}

/** y = clip(alpha x + beta, 0, 1) */
function hardSigmoid(x: LoweringContext, alpha: number, beta: number): [string, string, string] {
  const line = x.op('Add', [x.op('Mul', [x.node.inputs[0]!, x.scalar(alpha)]), x.scalar(beta)]);
  return [line, x.scalar(0), x.scalar(1)];
}

/** y = x (1 + erf(x / sqrt 2)) / 2, or with tanh as its approximation (Hendrycks and Gimpel 2016, arXiv:1606.08415) */
const gelu: LoweringRule = (x) => {
  const input = x.node.inputs[0]!;
  const half = x.op('Mul', [input, x.scalar(0.5)]);
  let bell: string;
  if (stringAttr(x.node, 'approximate', 'none') === 'tanh') {
    const cube = x.op('Mul', [x.op('Mul', [x.op('Mul', [input, input]), input]), x.scalar(0.044715)]);
    bell = x.op('Tanh', [x.op('Mul', [x.op('Add', [input, cube]), x.scalar(Math.sqrt(2 / Math.PI))])]);
  } else {
    bell = x.op('Erf', [x.op('Mul', [input, x.scalar(Math.SQRT1_2)])]);
  }
  return x.last('Mul', [half, x.op('Add', [bell, x.scalar(1)])]);
};

/** Sums over axes, of the squares or magnitudes of x. */
function sumOf(x: LoweringContext, value: string): string {
  const axes = x.has(1) ? x.node.inputs[1]! : undefined;
  const attribute = x.node.attributes.get('axes');
  const kept = { keepdims: int(intAttr(x.node, 'keepdims', 1)) };
  if (axes !== undefined) return x.op('ReduceSum', [value, axes], kept);
  return x.op('ReduceSum', attribute?.kind === 'ints' ? [value, x.ints(attribute.value)] : [value], kept);
}

const square = (x: LoweringContext): string => x.op('Mul', [x.node.inputs[0]!, x.node.inputs[0]!]);

/** The only value of an attribute that the older operator set can express. */
function requireDefault(x: LoweringContext, name: string, value: number): void {
  if (intAttr(x.node, name, value) !== value) throw x.unsupported(`${name} ${intAttr(x.node, name)} is not supported`);
}

export const LOWERING_RULES: Readonly<Record<string, LoweringRule>> = {
  Squeeze: attributeToInput('axes'),
  Unsqueeze: attributeToInput('axes'),
  ReduceSum: attributeToInput('axes'),
  Split: (x) => (x.node.attributes.has('num_outputs') ? x.without(['num_outputs']) : attributeToInput('split')(x)),
  ReduceMean: inputToAttribute,
  ReduceMax: inputToAttribute,
  Softmax: (x) => softmaxOf(x, 'Softmax'),
  LogSoftmax: (x) => softmaxOf(x, 'LogSoftmax'),
  BatchNormalization: (x) => {
    if (intAttr(x.node, 'training_mode', 0) !== 0) {
      throw x.unsupported('it is in training mode: export the model with its running statistics (model.eval())');
    }
    return { ...x.without(['training_mode']), outputs: x.node.outputs.slice(0, 1) };
  },
  Cast: (x) => (x.node.attributes.has('saturate') ? x.without(['saturate']) : undefined),
  AveragePool: (x) => {
    if (intsAttr(x.node, 'dilations', []).some((value) => value !== 1)) {
      throw x.unsupported('dilations are not supported');
    }
    return x.node.attributes.has('dilations') ? x.without(['dilations']) : undefined;
  },
  Resize: (x) => {
    requireDefault(x, 'antialias', 0);
    if (x.node.attributes.has('axes')) throw x.unsupported('axes are not supported: give a scale for every axis');
    return x.without(['antialias', 'keep_aspect_ratio_policy']);
  },
  Pad: (x) => (x.has(3) ? padOfAllAxes(x) : undefined),

  Celu: (x) => {
    const alpha = floatAttr(x.node, 'alpha', 1);
    const [isPositive, y, negative] = elu(x, alpha, x.op('Div', [x.node.inputs[0]!, x.scalar(alpha)]));
    return x.last('Where', [isPositive, x.op('Mul', [y, x.scalar(alpha)]), negative]);
  },
  ConstantOfShape: (x) => {
    const value = x.node.attributes.has('value') ? tensorAttr(x.node, 'value') : scalarTensor('float32', 0);
    return x.last('Expand', [x.constant({ ...value, dims: [] }), x.node.inputs[0]!]);
  },
  Dropout: (x) => x.last('Identity', [x.node.inputs[0]!]),
  Elu: (x) => x.last('Where', elu(x, floatAttr(x.node, 'alpha', 1), x.node.inputs[0]!)),
  Gelu: gelu,
  HardSigmoid: (x) => x.last('Clip', hardSigmoid(x, floatAttr(x.node, 'alpha', 0.2), floatAttr(x.node, 'beta', 0.5))),
  HardSwish: (x) => x.last('Mul', [x.node.inputs[0]!, x.op('Clip', hardSigmoid(x, 1 / 6, 0.5))]),
  Mean: (x) => x.last('Div', [sumOfInputs(x), x.scalar(x.node.inputs.length)]),
  Mish: (x) => x.last('Mul', [x.node.inputs[0]!, x.op('Tanh', [x.op('Softplus', x.node.inputs)])]),
  Reciprocal: (x) => x.last('Div', [x.scalar(1), x.node.inputs[0]!]),
  ReduceL1: (x) => x.last('Identity', [sumOf(x, x.op('Abs', [x.node.inputs[0]!]))]),
  ReduceL2: (x) => x.last('Sqrt', [sumOf(x, square(x))]),
  ReduceMin: (x) => {
    const most = { ...x.without(['noop_with_empty_axes']), op: 'ReduceMax' };
    const axes = x.valuesOf(1, 'the axes');
    const attributes = Object.fromEntries([
      ...most.attributes,
      ...(axes === undefined ? [] : [['axes', ints(axes)] as const]),
    ]);
    return x.last('Neg', [x.op('ReduceMax', [x.op('Neg', [x.node.inputs[0]!])], attributes)]);
  },
  ReduceSumSquare: (x) => x.last('Identity', [sumOf(x, square(x))]),
  Selu: (x) => {
    const scale = floatAttr(x.node, 'gamma', 1.0507010221481323);
    const parts = elu(x, floatAttr(x.node, 'alpha', 1.6732631921768188), x.node.inputs[0]!);
    return x.last('Mul', [x.op('Where', parts), x.scalar(scale)]);
  },
  Softsign: (x) => {
    const input = x.node.inputs[0]!;
    return x.last('Div', [input, x.op('Add', [x.op('Abs', [input]), x.scalar(1)])]);
  },
  Sum: (x) => x.last('Identity', [sumOfInputs(x)]),
};

const sumOfInputs = (x: LoweringContext): string => x.node.inputs.reduce((a, b) => x.op('Add', [a, b]));

/** Pads of some axes, which may only be the last ones, as pads of all: how many there are is not known here. */
function padOfAllAxes(x: LoweringContext): Node {
  const axes = x.valuesOf(3, 'the axes')!;
  const pads = x.valuesOf(1, 'the pads')!;
  if (axes.every((axis, index) => axis === index)) return { ...x.node, inputs: x.node.inputs.slice(0, 3) };
  if (axes.some((axis) => axis < 0)) throw x.unsupported('negative axes are not supported: name every axis');
  const rank = Math.max(...axes) + 1;
  const all = new Array<number>(2 * rank).fill(0);
  for (const [index, axis] of axes.entries()) {
    all[axis] = pads[index]!;
    all[rank + axis] = pads[index + axes.length]!;
  }
  return { ...x.node, inputs: [x.node.inputs[0]!, x.ints(all), ...x.node.inputs.slice(2, 3)] };
}

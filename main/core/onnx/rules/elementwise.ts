import { ELEMENT_TYPE_OF_CODE } from '../data-types.js';
import { intAttr } from '../model.js';
import { isFloatType } from '../tensor.js';
import { broadcast, type NodeContext, type ShapeRule } from './rule.js';

/** Output has the input's type and shape. */
export const sameAsInput: ShapeRule = (context) => [context.input(0)];

/** As `sameAsInput`, for operators that exist for floating point alone. */
export const floatUnary: ShapeRule = (context) => {
  requireFloat(context);
  return [context.input(0)];
};

/** Inputs of one type, broadcast together. */
export const broadcastAll: ShapeRule = (context) => {
  const inputs = context.inputs();
  const type = context.commonType(...inputs.keys());
  return [
    {
      type,
      dims: broadcast(
        context,
        inputs.map((input) => input.dims),
      ),
    },
  ];
};

/** Two inputs of one type, broadcast together; true or false comes out. */
export const compare: ShapeRule = (context) => broadcastAll(context).map(({ dims }) => ({ type: 'bool', dims }));

/** Two bool inputs, broadcast together. */
export const logical: ShapeRule = (context) => {
  if (context.inputs().some((input) => input.type !== 'bool')) throw context.shape('inputs must be bool');
  return broadcastAll(context);
};

/** The exponent may have a type of its own. */
export const pow: ShapeRule = (context) => {
  const base = context.input(0);
  return [{ type: base.type, dims: broadcast(context, [base.dims, context.input(1).dims]) }];
};

/** The slope broadcasts to the input, never the other way. */
export const prelu: ShapeRule = (context) => {
  const x = context.input(0);
  const dims = broadcast(context, [x.dims, context.input(1).dims]);
  if (dims.length !== x.dims.length || dims.some((dim, axis) => dim !== x.dims[axis])) {
    throw context.shape('the slope has a larger shape than the input');
  }
  return [{ type: context.commonType(0, 1), dims }];
};

/** Limits are scalars of the input's type. */
export const clip: ShapeRule = (context) => {
  const type = context.commonType(0, 1, 2);
  for (const index of [1, 2]) {
    if ((context.optional(index)?.dims.length ?? 0) > 0) throw context.shape('a limit must be a scalar');
  }
  return [{ type, dims: context.input(0).dims }];
};

/** A bool condition and two inputs of one type, broadcast together. */
export const where: ShapeRule = (context) => {
  if (context.input(0).type !== 'bool') throw context.shape('the condition must be bool');
  const dims = broadcast(
    context,
    context.inputs().map((input) => input.dims),
  );
  return [{ type: context.commonType(1, 2), dims }];
};

/** The input's shape, in the type whose number `to` gives. */
export const cast: ShapeRule = (context) => {
  const code = intAttr(context.node, 'to');
  const type = ELEMENT_TYPE_OF_CODE.get(code);
  if (type === undefined) throw context.unsupported(`casting to the element type ${code} is not supported`);
  return [{ type, dims: context.input(0).dims }];
};

/** AppError 'model/shape' unless input 0 has a floating point type. */
export function requireFloat(context: NodeContext): void {
  const { type } = context.input(0);
  if (!isFloatType(type)) throw context.shape(`input must be floating point, not ${type}`);
}

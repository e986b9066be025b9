import { floatAttr } from '../../onnx/model.js';
import type { GradientContext, GradientRule } from '../rule.js';

/** Gradients of what is computed element by element; g = dL/dy. The walk sums over broadcast axes. */

/** y does not change with its inputs, or in steps only: nothing flows back. */
export const none: GradientRule = ({ node }) => node.inputs.map(() => null);

const unary =
  (gradient: (x: GradientContext, g: string) => string): GradientRule =>
  (x) => [() => gradient(x, x.gradient())];

/** y = x */
export const identity = unary((_, g) => g);

/** y = a + b: da = g, db = g */
export const add: GradientRule = (x) => [() => x.gradient(), () => x.gradient()];

/** y = a - b: da = g, db = -g */
export const sub: GradientRule = (x) => [() => x.gradient(), () => x.neg(x.gradient())];

/** y = a b: da = g b, db = g a */
export const mul: GradientRule = (x) => [() => x.mul(x.gradient(), x.input(1)), () => x.mul(x.gradient(), x.input(0))];

/** y = a / b: da = g / b, db = -g y / b */
export const div: GradientRule = (x) => [
  () => x.div(x.gradient(), x.input(1)),
  () => x.neg(x.div(x.mul(x.gradient(), x.output()), x.input(1))),
];

/** y = a^p: da = g p a^(p-1), dp = g y log(a) */
export const pow: GradientRule = (x) => [
  () => {
    const less = x.sub(x.input(1), x.scalar(1));
    return x.mul(x.gradient(), x.mul(x.input(1), x.op('Pow', [x.input(0), less])));
  },
  () => x.mul(x.gradient(), x.mul(x.output(), x.op('Log', [x.input(0)]))),
];

/** y = -x: -g */
export const neg = unary((x, g) => x.neg(g));

/** y = |x|: g sign(x) */
export const abs = unary((x, g) => x.mul(g, x.op('Sign', [x.input(0)])));

/** y = e^x: g y */
export const exp = unary((x, g) => x.mul(g, x.output()));

/** y = log x: g / x */
export const log = unary((x, g) => x.div(g, x.input(0)));

/** y = sqrt x: g / (2 y) */
export const sqrt = unary((x, g) => x.div(g, x.times(x.output(), 2)));

/** y = erf x: g 2/sqrt(pi) e^(-x^2) */
export const erf = unary((x, g) => {
  const square = x.mul(x.input(0), x.input(0));
  return x.mul(g, x.times(x.op('Exp', [x.neg(square)]), 2 / Math.sqrt(Math.PI)));
});

/** y = max(x, 0): g where y > 0 */
export const relu = unary((x, g) => x.mul(g, x.op('Sign', [x.output()])));

/** y = x where x > 0, else alpha x: g, or alpha g */
export const leakyRelu = unary((x, g) =>
  x.where(x.op('Greater', [x.input(0), x.scalar(0)]), g, x.times(g, floatAttr(x.node, 'alpha', 0.01))),
);

/** y = x where x > 0, else s x: dx = g, or s g; ds = 0, or x g */
export const pRelu: GradientRule = (x) => {
  const positive = (): string => x.op('Greater', [x.input(0), x.scalar(0)]);
  return [
    () => x.where(positive(), x.gradient(), x.mul(x.gradient(), x.input(1))),
    () => x.where(positive(), x.scalar(0), x.mul(x.gradient(), x.input(0))),
  ];
};

/** y = 1 / (1 + e^-x): g y (1 - y) */
export const sigmoid = unary((x, g) => x.mul(g, x.mul(x.output(), x.sub(x.scalar(1), x.output()))));

/** y = tanh x: g (1 - y^2) */
export const tanh = unary((x, g) => x.mul(g, x.sub(x.scalar(1), x.mul(x.output(), x.output()))));

/** y = log(1 + e^x): g sigmoid(x) */
export const softplus = unary((x, g) => x.mul(g, x.op('Sigmoid', [x.input(0)])));

/** y = min(max(x, low), high): g where low <= x <= high; to a bound, g where x lies beyond it */
export const clip: GradientRule = (x) => {
  const within = (): string[] => [
    ...(x.hasInput(1) ? [x.op('GreaterOrEqual', [x.input(0), x.input(1)])] : []),
    ...(x.hasInput(2) ? [x.op('LessOrEqual', [x.input(0), x.input(2)])] : []),
  ];
  const only = (condition: string): string => x.where(condition, x.gradient(), x.scalar(0));
  return [
    () => within().reduce((g, condition) => x.where(condition, g, x.scalar(0)), x.gradient()),
    () => only(x.op('Less', [x.input(0), x.input(1)])),
    () => only(x.op('Greater', [x.input(0), x.input(2)])),
  ];
};

/** y = the largest (or least) of the inputs: g to those that are y, in equal shares */
export const extreme: GradientRule = (x) => {
  let shared: string | undefined;
  const masks = new Map<number, string>();
  const mask = (index: number): string => {
    const known = masks.get(index) ?? x.mask(x.op('Equal', [x.input(index), x.output()]));
    masks.set(index, known);
    return known;
  };
  const share = (): string =>
    (shared ??= x.div(
      x.gradient(),
      x.node.inputs.map((_, index) => mask(index)).reduce((a, b) => x.add(a, b)),
    ));
  return x.node.inputs.map((_, index) => () => x.mul(share(), mask(index)));
};

/** y = a where c, else b: da = g where c, db = g where not c */
export const where: GradientRule = (x) => [
  null,
  () => x.where(x.input(0), x.gradient(), x.scalar(0)),
  () => x.where(x.input(0), x.scalar(0), x.gradient()),
];

/** y = x as another type: g as the input's type */
export const cast = unary((x, g) => x.b.cast(g, x.forward.input(0).type));

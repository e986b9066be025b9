import { AppError } from '../errors.js';
import { LOWERING_RULES } from './lower-rules.js';
import { BUILD_OPSET, nodeLabel, type Attribute, type Graph, type Model, type Node, type Tensor } from './model.js';
import { int64Vector, scalarTensor, toNumbers } from './tensor.js';
import { producers } from './topology.js';

/**
 * Brings models of other operator sets to the one that we build with, and writes operators that have no rules as ones
 * that do, so that what follows (gradients, training) sees one vocabulary.
 */

/** Operator sets that can be brought to `BUILD_OPSET`. */
export const LOWERED_OPSETS = { min: 11, max: 20 } as const;

/** Writes one node anew; what it adds goes through the context. Gives undefined for a node that stays as it is. */
export type LoweringRule = (x: LoweringContext) => Node | undefined;

/** What a rule sees of its node, and what it writes with. The last node it writes takes over the node's output. */
export class LoweringContext {
  readonly added: Node[] = [];

  constructor(
    readonly node: Node,
    readonly opset: number,
    private readonly fresh: (hint: string) => string,
    private readonly constantOf: (name: string) => Tensor | undefined,
  ) {}

  /** Adds a node and gives its output. */
  op(op: string, inputs: readonly string[], attributes: Readonly<Record<string, Attribute>> = {}): string {
    const name = this.fresh(`${this.node.name || this.node.outputs[0]!}/${op.toLowerCase()}`);
    this.added.push({ name, op, inputs, outputs: [name], attributes: new Map(Object.entries(attributes)) });
    return name;
  }

  /** The node that takes the old one's place: its name and output. */
  last(op: string, inputs: readonly string[], attributes: Readonly<Record<string, Attribute>> = {}): Node {
    const { name, outputs } = this.node;
    return { name, op, inputs, outputs: outputs.slice(0, 1), attributes: new Map(Object.entries(attributes)) };
  }

  /** The same node without some attributes and with other inputs. */
  without(names: readonly string[], inputs: readonly string[] = this.node.inputs): Node {
    const attributes = new Map([...this.node.attributes].filter(([name]) => !names.includes(name)));
    return { ...this.node, inputs, attributes };
  }

  constant(value: Tensor): string {
    return this.op('Constant', [], { value: { kind: 'tensor', value } });
  }

  scalar(value: number): string {
    return this.constant(scalarTensor('float32', value));
  }

  ints(values: readonly number[]): string {
    return this.constant(int64Vector(values));
  }

  /** The numbers of an input that is a constant; undefined for an input that is left out. */
  valuesOf(index: number, what: string): readonly number[] | undefined {
    const name = this.node.inputs[index] ?? '';
    if (name === '') return undefined;
    const value = this.constantOf(name);
    if (value === undefined) throw this.unsupported(`${what} must be constant`);
    return toNumbers(value);
  }

  has(index: number): boolean {
    return (this.node.inputs[index] ?? '') !== '';
  }

  unsupported(message: string): AppError {
    return new AppError('model/unsupported-op', `${nodeLabel(this.node)}: ${message}`);
  }
}

/**
 * The model's graph in the operators and the operator set that we build with. It is not checked: that is for
 * `checkModel`, once its sizes are known.
 * @throws AppError 'model/invalid' for an operator set that is out of range; 'model/unsupported-op' for a use of an
 *   operator that cannot be written in the older set
 */
export function lowerModel(model: Model): Graph {
  const { graph, opset } = model;
  if (opset < LOWERED_OPSETS.min || opset > LOWERED_OPSETS.max) {
    const range = `${LOWERED_OPSETS.min} to ${LOWERED_OPSETS.max} are supported: export it with opset ${BUILD_OPSET}`;
    throw new AppError('model/invalid', `the model uses operator set ${opset}; ${range}`);
  }
  const names = new Set([
    ...graph.inputs.map(({ name }) => name),
    ...graph.initializers.keys(),
    ...graph.nodes.flatMap(({ outputs }) => outputs),
  ]);
  const fresh = (hint: string): string => {
    let name = hint;
    for (let suffix = 2; names.has(name); suffix++) name = `${hint}_${suffix}`;
    names.add(name);
    return name;
  };
  const producerOf = producers(graph);
  const constantOf = (name: string): Tensor | undefined => {
    const attribute = producerOf.get(name)?.attributes.get('value');
    const isConstant = producerOf.get(name)?.op === 'Constant' && attribute?.kind === 'tensor';
    return graph.initializers.get(name) ?? (isConstant ? attribute.value : undefined);
  };
  const nodes = graph.nodes.flatMap((node) => {
    const rule = Object.hasOwn(LOWERING_RULES, node.op) ? LOWERING_RULES[node.op] : undefined;
    if (rule === undefined) return [node];
    const context = new LoweringContext(node, opset, fresh, constantOf);
    const written = rule(context);
    return written === undefined ? [node] : [...context.added, written];
  });
  return { ...graph, nodes };
}

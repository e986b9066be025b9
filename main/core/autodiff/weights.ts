import type { Graph, Model, Node, Tensor } from '../onnx/model.js';
import { toNumbers } from '../onnx/tensor.js';
import { consumers } from '../onnx/topology.js';

/** Which of a model's initializers are weights: what a loss may change. */

export interface WeightedGraph {
  readonly graph: Graph;
  /** Names of the initializers that may be trained, in the model's order; the loss need not depend on all of them. */
  readonly weights: readonly string[];
  /** Weights that PyTorch had stored as copies of others of equal values, and which. */
  readonly untied: ReadonlyMap<string, string>;
}

/**
 * Inputs of operators that set how something is done, or that are measured rather than learnt (running statistics): what
 * stands there is no weight.
 */
const SETTINGS: Readonly<Record<string, readonly number[]>> = {
  BatchNormalization: [3, 4],
  Clip: [1, 2],
  DequantizeLinear: [1, 2],
  Pad: [2],
  QuantizeLinear: [1, 2],
  Resize: [1, 2, 3],
};

/** Names that exporters give to numbers in the code: a scalar of such a name is no weight, other scalars may be. */
const GENERATED_NAME =
  /^$|^\/|^\d+$|^onnx::|^_?val_\d|^lifted_tensor|(^|[/._])(constant|const|scalar|scalar_tensor)(_default)?(_-?[\d.][\d.e+-]*)?(_output_\d+)?$/i;

/**
 * The graph with each weight, and nothing else, open to training. What stands for settings or statistics is set apart
 * where it shares an initializer with a weight. PyTorch's exporter stores parameters of equal values once, behind
 * Identity nodes: those become weights of their own again, as they are in PyTorch.
 */
export function findWeights({ graph, producer }: Model): WeightedGraph {
  const { graph: separate, untied } = producer === 'pytorch' ? untie(graph) : { graph, untied: new Map() };
  const frozen = setApart(separate);
  const readers = consumers(frozen);
  const weights = [...frozen.initializers].filter(([name, { type, dims }]) => {
    if (type !== 'float32' || (dims.length === 0 && GENERATED_NAME.test(name))) return false;
    return (readers.get(name) ?? []).some((node) =>
      node.inputs.some((input, i) => input === name && !isSetting(node, i)),
    );
  });
  return { graph: frozen, weights: weights.map(([name]) => name), untied: untied as Map<string, string> };
}

const isSetting = (node: Node, index: number): boolean => SETTINGS[node.op]?.includes(index) === true;

/** Settings and statistics read copies of their own, also through Identity nodes. */
function setApart(graph: Graph): Graph {
  const initializers = new Map(graph.initializers);
  const sourceOf = identitySources(graph);
  const apart = (node: Node, name: string, index: number): string => {
    const source = sourceOf.get(name) ?? name;
    const value = graph.initializers.get(source);
    if (value === undefined || !isSetting(node, index)) return name;
    const copy = `${name}/of/${node.outputs[0]!}/${index}`;
    initializers.set(copy, { ...value });
    return copy;
  };
  const nodes = graph.nodes.map((node) =>
    node.op in SETTINGS ? { ...node, inputs: node.inputs.map((name, index) => apart(node, name, index)) } : node,
  );
  return { ...graph, nodes, initializers };
}

/** For each value that is an initializer passed on by Identity nodes, that initializer. */
function identitySources(graph: Graph): Map<string, string> {
  const sources = new Map<string, string>();
  for (const { op, inputs, outputs } of graph.nodes) {
    if (op !== 'Identity') continue;
    const source = sources.get(inputs[0]!) ?? inputs[0]!;
    if (graph.initializers.has(source)) sources.set(outputs[0]!, source);
  }
  return sources;
}

/** Makes initializers of the copies that stand for parameters of their own. */
function untie(graph: Graph): { readonly graph: Graph; readonly untied: ReadonlyMap<string, string> } {
  const readers = consumers(graph);
  const sources = identitySources(graph);
  const outputs = new Set(graph.outputs.map(({ name }) => name));
  const untied = new Map(
    [...sources].filter(([copy, source]) => {
      if (outputs.has(copy)) return false;
      if (!copy.includes('::')) return !copy.startsWith('/');
      return (
        isUniform(graph.initializers.get(source)!) && !sharePath(readers.get(source) ?? [], readers.get(copy) ?? [])
      );
    }),
  );
  const initializers = new Map(graph.initializers);
  // Beside what they were copies of: the order is that of the model's parts.
  for (const [copy, source] of untied) initializers.set(copy, { ...graph.initializers.get(source)! });
  const nodes = graph.nodes.filter(({ op, outputs: [output] }) => op !== 'Identity' || !untied.has(output!));
  return { graph: { ...graph, nodes, initializers }, untied };
}

/**
 * A parameter that was folded into another form has lost its name: it may be one that two places share, or two that were
 * equal. Two that are equal without being shared are as they were made: all ones, zeros or another number.
 */
function isUniform(value: Tensor): boolean {
  const numbers = toNumbers(value);
  return numbers.every((number) => number === numbers[0]);
}

/** Whether two parameters are used by one module, of which later uses are called `/path/name_1`. */
function sharePath(a: readonly Node[], b: readonly Node[]): boolean {
  const pathOf = ({ name }: Node): string | undefined =>
    /^(\/.*)\/[^/]*$/.exec(name)?.[1]?.replace(/_\d+(?=\/|$)/g, '');
  const paths = new Set(a.filter(({ op }) => op !== 'Identity').map(pathOf));
  return b.some((node) => pathOf(node) === undefined || paths.has(pathOf(node)));
}

import { AppError } from '../errors.js';
import { ConstantFolder } from './fold.js';
import { nodeLabel, type Dim, type Graph, type Node, type ValueInfo, type ValueType } from './model.js';
import { isOpName } from './ops.js';
import { NodeContext } from './rules/rule.js';
import { SHAPE_RULES } from './rules/table.js';
import { formatDims } from './tensor.js';
import { sortNodes } from './topology.js';

/** The types of a graph's values, and for each node what its rules saw. */
export interface ShapeAnalysis {
  readonly types: ReadonlyMap<string, ValueType>;
  /** The nodes in topological order, with their contexts. */
  readonly contexts: readonly NodeContext[];
}

/**
 * The element type and shape of every input, initializer and node output of a graph whose inputs have fixed sizes.
 * AppError 'model/shape' if shapes do not agree, or depend on values that are not constant; 'model/unsupported-op' for
 * an operator without a rule; 'model/invalid' for missing values.
 */
export function inferShapes(graph: Graph): Map<string, ValueType> {
  return new Map(analyseShapes(graph).types);
}

/** As `inferShapes`, keeping the contexts for analyses that ask nodes for more than their shapes. */
export function analyseShapes(graph: Graph): ShapeAnalysis {
  const types = new Map<string, ValueType>();
  for (const input of graph.inputs) types.set(input.name, { type: input.type, dims: fixedDims(input) });
  for (const [name, { type, dims }] of graph.initializers) types.set(name, { type, dims });
  const constants = new ConstantFolder(graph.initializers);
  const contexts: NodeContext[] = [];
  for (const node of sortNodes(graph)) {
    const context = new NodeContext(node, types, constants.lookup);
    const outputs = inferNode(context, types);
    for (const [index, name] of node.outputs.entries()) {
      const type = outputs[index];
      if (name === '') continue;
      if (type === undefined) throw context.invalid(`it has no output ${index}`);
      types.set(name, type);
    }
    constants.visit(context, outputs);
    contexts.push(context);
  }
  return { types, contexts };
}

function inferNode(context: NodeContext, types: ReadonlyMap<string, ValueType>): ValueType[] {
  const { node } = context;
  const unknown = node.inputs.find((name) => name !== '' && !types.has(name));
  if (unknown !== undefined) throw context.invalid(`its input '${unknown}' does not exist`);
  return SHAPE_RULES[requireOp(node)](context);
}

/** The node's operator as a supported one; AppError 'model/unsupported-op' otherwise. */
export function requireOp(node: Node): keyof typeof SHAPE_RULES {
  if (isOpName(node.op)) return node.op;
  throw new AppError('model/unsupported-op', `${nodeLabel(node)}: the operator is not supported`);
}

/**
 * A copy of a graph in which every input and output has a fixed size. `shapes` gives inputs by name; a symbol that one
 * input binds is bound in all, so inputs that are fixed already, or share their symbols, may be left out.
 * AppError 'model/shape' if a given shape contradicts the declared one, a symbol gets two sizes or a size stays free.
 */
export function bindInputShapes(graph: Graph, shapes: Readonly<Record<string, readonly number[]>>): Graph {
  const symbols = new Map<string, number>();
  for (const [name, dims] of Object.entries(shapes)) {
    const input = graph.inputs.find((candidate) => candidate.name === name);
    if (input === undefined) throw new AppError('model/shape', `the model has no input '${name}'`);
    bindInput(input, dims, symbols);
  }
  return bindSymbols(graph, (symbol, input) => {
    const size = symbols.get(symbol);
    if (size === undefined) {
      throw new AppError(
        'model/shape',
        `input '${input.name}' is ${formatDims(input.dims)}: '${symbol}' was not given`,
      );
    }
    return size;
  });
}

function bindInput(input: ValueInfo, dims: readonly number[], symbols: Map<string, number>): void {
  const mismatch = (): AppError =>
    new AppError('model/shape', `input '${input.name}' is ${formatDims(input.dims)}, not ${formatDims(dims)}`);
  if (dims.length !== input.dims.length) throw mismatch();
  for (const [axis, declared] of input.dims.entries()) {
    const size = dims[axis]!;
    if (!Number.isInteger(size) || size < 0) throw mismatch();
    if (typeof declared === 'number') {
      if (declared !== size) throw mismatch();
    } else if ((symbols.get(declared) ?? size) !== size) {
      const sizes = `${symbols.get(declared)} and ${size}`;
      throw new AppError('model/shape', `input '${input.name}': '${declared}' would be both ${sizes}`);
    } else {
      symbols.set(declared, size);
    }
  }
}

/** A copy with every symbol replaced by the size that `sizeOf` chooses for it, and outputs inferred anew. */
export function bindSymbols(graph: Graph, sizeOf: (symbol: string, input: ValueInfo) => number): Graph {
  const inputs = graph.inputs.map((input) => ({
    ...input,
    dims: input.dims.map((dim) => (typeof dim === 'number' ? dim : sizeOf(dim, input))),
  }));
  const types = inferShapes({ ...graph, inputs });
  const outputs = graph.outputs.map(({ name }) => {
    const type = types.get(name);
    if (type === undefined) throw new AppError('model/invalid', `nothing produces the output '${name}'`);
    return { name, ...type };
  });
  return { ...graph, inputs, outputs };
}

function fixedDims(input: ValueInfo): readonly number[] {
  const isFixed = (dims: readonly Dim[]): dims is readonly number[] => dims.every((dim) => typeof dim === 'number');
  if (isFixed(input.dims)) return input.dims;
  throw new AppError(
    'model/shape',
    `input '${input.name}' is ${formatDims(input.dims)}: its sizes must be fixed first`,
  );
}

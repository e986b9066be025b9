import { AppError } from '../errors.js';
import { BUILD_OPSET, nodeLabel, type Graph, type Model, type Node, type ValueInfo } from './model.js';
import { OP_SCHEMAS, OPSET_RANGE, type OpSchema } from './ops.js';
import { bindSymbols, inferShapes, requireOp } from './shapes.js';
import { formatDims } from './tensor.js';

/**
 * The size that stands for every free one when shapes are checked without being known. A multiple of 2^8, 3 and 5, so
 * that strides, pixel blocks and pixel shuffles divide it.
 */
export const PROBE_SIZE = 3840;

/**
 * Refuses a model or graph that the runtime would refuse, or that we have no rules for; a bare graph is taken to be of
 * the operator set that we build. Free sizes are tried at `PROBE_SIZE`.
 * AppError 'model/invalid' for names, order, arity and attributes; 'model/unsupported-op' for operators; 'model/shape'
 * for shapes and element types that do not agree. Messages name the node.
 */
export function checkModel(target: Model | Graph): void {
  if (!('graph' in target)) {
    checkGraph(target, BUILD_OPSET);
    return;
  }
  const { min, max } = OPSET_RANGE;
  if (!(target.opset >= min && target.opset <= max)) {
    const range = `${min} to ${max} are supported`;
    throw new AppError('model/invalid', `the model uses operator set ${target.opset}; ${range}`);
  }
  checkGraph(target.graph, target.opset);
}

function checkGraph(graph: Graph, opset: number): void {
  checkNames(graph);
  for (const node of graph.nodes) checkNode(node, opset);
  checkShapes(graph);
}

/** Single assignment: each name is defined once, and every output is defined. */
function checkNames(graph: Graph): void {
  const defined = new Set<string>();
  const define = (name: string, what: string): void => {
    if (name === '') throw new AppError('model/invalid', `${what} has no name`);
    if (defined.has(name)) throw new AppError('model/invalid', `${what}: the name '${name}' is defined twice`);
    defined.add(name);
  };
  for (const input of graph.inputs) define(input.name, `input '${input.name}'`);
  for (const name of graph.initializers.keys()) define(name, `initializer '${name}'`);
  for (const node of graph.nodes) {
    for (const output of node.outputs) if (output !== '') define(output, nodeLabel(node));
  }
  if (graph.outputs.length === 0) throw new AppError('model/invalid', 'the model has no outputs');
  const outputs = graph.outputs.map((output) => output.name);
  const missing = outputs.find((name) => !defined.has(name));
  if (missing !== undefined) throw new AppError('model/invalid', `nothing produces the output '${missing}'`);
  const twice = outputs.find((name, index) => outputs.indexOf(name) !== index);
  if (twice !== undefined) throw new AppError('model/invalid', `the output '${twice}' is listed twice`);
}

function checkNode(node: Node, opset: number): void {
  const schema = OP_SCHEMAS[requireOp(node)];
  const invalid = (message: string): AppError => new AppError('model/invalid', `${nodeLabel(node)}: ${message}`);
  if (opset < (schema.since ?? 0)) throw invalid(`it needs operator set ${schema.since}, the model uses ${opset}`);
  const range = inputRange(schema, opset);
  if (!within(node.inputs.length, range)) {
    throw invalid(`it has ${node.inputs.length} inputs, but takes ${formatRange(range)}`);
  }
  // Empty names may stand for optional inputs only.
  if (node.inputs.slice(0, schema.inputs[0]).includes('')) throw invalid('a required input is missing');
  if (!within(node.outputs.length, schema.outputs) || node.outputs[0] === '') {
    throw invalid(`it has ${node.outputs.length} outputs, but gives ${formatRange(schema.outputs)}`);
  }
  for (const [name, attribute] of node.attributes) {
    const spec = Object.hasOwn(schema.attributes, name) ? schema.attributes[name] : undefined;
    if (!spec || opset < (spec.since ?? 0) || opset > (spec.until ?? Infinity)) {
      throw invalid(`attribute '${name}' is not known in operator set ${opset}`);
    }
    if (attribute.kind !== spec.kind) throw invalid(`attribute '${name}' is ${attribute.kind}, not ${spec.kind}`);
  }
}

function inputRange({ inputs, laterInputs }: OpSchema, opset: number): readonly [number, number] {
  return laterInputs && opset < laterInputs.since ? [inputs[0], laterInputs.after] : inputs;
}

function within(count: number, [least, most]: readonly [number, number]): boolean {
  return count >= least && count <= most;
}

function formatRange([least, most]: readonly [number, number]): string {
  if (least === most) return `${least}`;
  return most === Infinity ? `${least} or more` : `${least} to ${most}`;
}

function checkShapes(graph: Graph): void {
  const types = inferShapes(bindSymbols(graph, () => PROBE_SIZE));
  const isFixed = graph.inputs.every((input) => input.dims.every((dim) => typeof dim === 'number'));
  for (const output of graph.outputs) {
    const found = types.get(output.name)!;
    if (found.type !== output.type) {
      throw new AppError('model/shape', `output '${output.name}' is declared ${output.type}, but is ${found.type}`);
    }
    // At a probe size a fixed size may come out as another one; with fixed inputs it may not.
    if (found.dims.length !== output.dims.length || (isFixed && !agrees(output, found.dims))) {
      const [declared, inferred] = [formatDims(output.dims), formatDims(found.dims)];
      throw new AppError('model/shape', `output '${output.name}' is declared ${declared}, but is ${inferred}`);
    }
  }
}

function agrees(output: ValueInfo, dims: readonly number[]): boolean {
  return output.dims.every((dim, axis) => typeof dim === 'string' || dim === dims[axis]);
}

import { AppError } from '../errors.js';
import { checkModel, PROBE_SIZE } from './check.js';
import { ELEMENT_TYPE_CODES } from './data-types.js';
import { ConstantFolder } from './fold.js';
import { nodeLabel, type Attribute, type Dim, type ElementType, type Graph, type Node } from './model.js';
import type { Tensor, ValueInfo, ValueType } from './model.js';
import { OP_SCHEMAS, type OpName } from './ops.js';
import { NodeContext } from './rules/rule.js';
import { SHAPE_RULES } from './rules/table.js';
import { bindSymbols, inferShapes } from './shapes.js';
import { bytesOf, int64Vector, scalarTensor } from './tensor.js';
import { liveNodes } from './topology.js';

/** An attribute as written in code; the operator's schema says which kind it becomes. */
export type AttributeInput = number | string | readonly number[] | readonly string[] | Tensor;

/** A node's attributes as written in code, by name. */
export type AttributeInputs = Readonly<Record<string, AttributeInput>>;

/** Names of a node's inputs; undefined omits an optional one. */
export type OpInputs = readonly (string | undefined)[];

/** Constants with at most this many elements are included once however often they are asked for. */
const MAX_SHARED_ELEMENTS = 64;

/**
 * Builds a graph node by node. Values are referred to by name; names are made unique and stay readable. Where input
 * sizes are fixed, each node's shapes are inferred as it is added, so that a mistake is reported where it is made.
 */
export class GraphBuilder {
  private readonly graphInputs: ValueInfo[] = [];
  private readonly nodes: Node[] = [];
  private readonly initializers = new Map<string, Tensor>();
  private readonly names = new Set<string>();
  private readonly nameOfTensor = new Map<Tensor, string>();
  private readonly nameOfConstant = new Map<string, string>();
  private readonly types = new Map<string, ValueType>();
  private readonly constants = new ConstantFolder(this.initializers);

  /** Adds a graph input under exactly this name; AppError 'model/invalid' if it is taken. */
  input(name: string, type: ElementType, dims: readonly Dim[]): string {
    if (this.names.has(name)) throw new AppError('model/invalid', `the name '${name}' is already in use`);
    this.names.add(name);
    this.graphInputs.push({ name, type, dims });
    const fixed = dims.filter((dim) => typeof dim === 'number');
    if (fixed.length === dims.length) this.types.set(name, { type, dims: fixed });
    return name;
  }

  /** Adds a weight and returns its name, `hint` made unique; the same tensor object is added once. */
  initializer(hint: string, value: Tensor): string {
    const known = this.nameOfTensor.get(value);
    if (known !== undefined) return known;
    const name = this.unique(hint);
    this.initializers.set(name, value);
    this.nameOfTensor.set(value, name);
    this.types.set(name, { type: value.type, dims: value.dims });
    return name;
  }

  /** Adds a constant, or finds a small one that is equal bit for bit; never one that was added as a weight. */
  constant(value: Tensor, hint = 'constant'): string {
    if (value.data.length > MAX_SHARED_ELEMENTS) return this.initializer(hint, value);
    const key = [value.type, value.dims, bytesOf(value)].join(';');
    const known = this.nameOfConstant.get(key);
    if (known !== undefined) return known;
    const name = this.initializer(hint, value);
    this.nameOfConstant.set(key, name);
    return name;
  }

  /** A constant without dimensions. */
  scalar(value: number, type: Exclude<ElementType, 'float16'> = 'float32'): string {
    return this.constant(scalarTensor(type, value), `scalar_${value}`);
  }

  /** A one-dimensional int64 constant: shapes, axes, starts, pads. */
  ints(values: readonly number[]): string {
    return this.constant(int64Vector(values), `ints_${values.join('_')}`);
  }

  /** Adds a node with one output and returns the output's name, which is `hint` (or the operator) made unique. */
  op(op: OpName, inputs: OpInputs, attributes: AttributeInputs = {}, hint: string = op.toLowerCase()): string {
    const name = this.unique(hint);
    this.add({ name, op, inputs: trimmed(inputs), outputs: [name], attributes: attributesOf(op, attributes) });
    return name;
  }

  /** Adds a node with `count` outputs and returns their names: `hint_0`, `hint_1`... made unique. */
  opMulti(
    op: OpName,
    inputs: OpInputs,
    attributes: AttributeInputs,
    count: number,
    hint: string = op.toLowerCase(),
  ): string[] {
    const name = this.unique(hint);
    const outputs = Array.from({ length: count }, (_, index) => this.unique(`${name}_${index}`));
    this.add({ name, op, inputs: trimmed(inputs), outputs, attributes: attributesOf(op, attributes) });
    return outputs;
  }

  /** Converts a value to another element type; a value that has it already is returned as it is. */
  cast(value: string, type: ElementType, hint = `${value}_${type}`): string {
    if (this.types.get(value)?.type === type) return value;
    return this.op('Cast', [value], { to: ELEMENT_TYPE_CODES[type] }, hint);
  }

  /** The type of a value; AppError 'model/shape' if it depends on free input sizes. */
  typeOf(value: string): ValueType {
    const found = this.types.get(value);
    if (found === undefined) {
      const why = this.names.has(value) ? 'its shape depends on free input sizes' : 'there is no such value';
      throw new AppError('model/shape', `'${value}': ${why}`);
    }
    return found;
  }

  /** The elements of a small constant value, or undefined. */
  constantOf(value: string): readonly number[] | undefined {
    return this.constants.lookup(value);
  }

  /**
   * Copies another graph's nodes and weights, names prefixed with `prefix/`, its inputs replaced by values of this one.
   * Weights are shared with earlier copies of the same graph. Returns this graph's names of the other's outputs.
   */
  inline(graph: Graph, prefix: string, inputs: Readonly<Record<string, string>>): Map<string, string> {
    const names = this.inlineAll(graph, prefix, inputs);
    return new Map(graph.outputs.map(({ name }) => [name, names.get(name)!]));
  }

  /** As `inline`; returns this graph's names of all the other's values. */
  inlineAll(graph: Graph, prefix: string, inputs: Readonly<Record<string, string>>): Map<string, string> {
    const names = new Map<string, string>([['', '']]);
    const prefixed = (name: string): string => `${prefix}/${name.replace(/^\/+/, '')}`;
    for (const { name } of graph.inputs) {
      const bound = inputs[name];
      if (bound === undefined) throw new AppError('model/invalid', `${prefix}: its input '${name}' was not given`);
      names.set(name, bound);
    }
    for (const [name, value] of graph.initializers) names.set(name, this.initializer(prefixed(name), value));
    const nameOf = (name: string): string => {
      const found = names.get(name);
      if (found === undefined) throw new AppError('model/invalid', `${prefix}: the value '${name}' does not exist`);
      return found;
    };
    for (const node of graph.nodes) {
      for (const output of node.outputs) if (output !== '') names.set(output, this.unique(prefixed(output)));
      this.add({
        ...node,
        name: prefixed(node.name || node.op.toLowerCase()),
        inputs: node.inputs.map(nameOf),
        outputs: node.outputs.map(nameOf),
      });
    }
    for (const { name } of graph.outputs) nameOf(name);
    return names;
  }

  /**
   * The checked graph of what the outputs need: a list of value names, or names to give to values. Sizes that depend on
   * free input sizes are declared as symbols. Errors as `checkModel`.
   */
  build(outputs: readonly string[] | Readonly<Record<string, string>>, name: string): Graph {
    const entries = Array.isArray(outputs)
      ? (outputs as readonly string[]).map((value) => [value, value] as const)
      : Object.entries(outputs as Readonly<Record<string, string>>);
    const renamed = this.named(entries);
    const whole = {
      name,
      inputs: [...this.graphInputs],
      outputs: entries.map(([output]): ValueInfo => ({ name: output, type: 'float32', dims: [] })),
      initializers: this.initializers,
      nodes: renamed,
    };
    const nodes = liveNodes(whole);
    const used = new Set([...nodes.flatMap((node) => node.inputs), ...entries.map(([output]) => output)]);
    const initializers = new Map([...this.initializers].filter(([key]) => used.has(key)));
    const graph = { ...whole, nodes, initializers };
    const built = { ...graph, outputs: declaredOutputs(graph) };
    checkModel(built);
    return built;
  }

  private add(node: Node): void {
    for (const input of node.inputs) {
      if (input !== '' && !this.names.has(input)) {
        throw new AppError('model/invalid', `${nodeLabel(node)}: its input '${input}' does not exist`);
      }
    }
    this.nodes.push(node);
    if (!node.inputs.every((input) => input === '' || this.types.has(input))) return;
    const context = new NodeContext(node, this.types, this.constants.lookup);
    const types = SHAPE_RULES[node.op as OpName](context);
    for (const [index, output] of node.outputs.entries()) if (types[index]) this.types.set(output, types[index]);
    this.constants.visit(context, types);
  }

  private unique(hint: string): string {
    let name = hint;
    for (let suffix = 2; this.names.has(name); suffix++) name = `${hint}_${suffix}`;
    this.names.add(name);
    return name;
  }

  /** The nodes with outputs named as asked: values are renamed, except inputs and weights, which go through Identity. */
  private named(entries: readonly (readonly [string, string])[]): Node[] {
    const produced = new Set(this.nodes.flatMap((node) => node.outputs));
    const rename = new Map<string, string>();
    const copies: (readonly [string, string])[] = [];
    for (const [output, value] of entries) {
      if (produced.has(value) && !rename.has(value)) rename.set(value, output);
      else if (output !== value) copies.push([output, value]);
    }
    for (const [output, value] of entries) {
      if (output === value || !this.names.has(output)) continue;
      if (!produced.has(output)) throw new AppError('model/invalid', `the name '${output}' is already in use`);
      // An output's name matters more than that of a value inside, which makes way.
      if (!rename.has(output)) rename.set(output, this.unique(output));
    }
    const current = (name: string): string => rename.get(name) ?? name;
    return [
      ...this.nodes.map((node) => ({ ...node, inputs: node.inputs.map(current), outputs: node.outputs.map(current) })),
      ...copies.map(([output, value]): Node => {
        return { name: output, op: 'Identity', inputs: [current(value)], outputs: [output], attributes: new Map() };
      }),
    ];
  }
}

function trimmed(inputs: OpInputs): string[] {
  const names = inputs.map((input) => input ?? '');
  while (names.at(-1) === '') names.pop();
  return names;
}

function attributesOf(op: OpName, inputs: AttributeInputs): ReadonlyMap<string, Attribute> {
  return new Map(Object.entries(inputs).map(([name, value]) => [name, attributeOf(op, name, value)]));
}

function attributeOf(op: OpName, name: string, value: AttributeInput): Attribute {
  const { attributes } = OP_SCHEMAS[op];
  const kind = Object.hasOwn(attributes, name) ? attributes[name]?.kind : undefined;
  const fits = {
    int: Number.isSafeInteger(value),
    float: typeof value === 'number',
    string: typeof value === 'string',
    tensor: typeof value === 'object' && 'data' in value,
    ints: Array.isArray(value) && value.every(Number.isSafeInteger),
    floats: Array.isArray(value) && value.every((item) => typeof item === 'number'),
    strings: Array.isArray(value) && value.every((item) => typeof item === 'string'),
  };
  if (kind === undefined || !fits[kind]) {
    throw new AppError('model/invalid', `${op}: attribute '${name}' ${kind ? `is not ${kind}` : 'is not known'}`);
  }
  // `fits` has just checked what the type system cannot follow through the schema.
  return { kind, value } as Attribute;
}

/** Types of the outputs; a size that changes with the free input sizes becomes a symbol. */
function declaredOutputs(graph: Graph): ValueInfo[] {
  const isFree = graph.inputs.some((input) => input.dims.some((dim) => typeof dim === 'string'));
  const at = (size: number): Map<string, ValueType> => inferShapes(bindSymbols(graph, () => size));
  const probe = at(PROBE_SIZE);
  const other = isFree ? at(PROBE_SIZE * 2) : probe;
  return graph.outputs.map(({ name }) => {
    const { type, dims } = probe.get(name)!;
    const larger = other.get(name)!.dims;
    return { name, type, dims: dims.map((dim, axis) => (dim === larger[axis] ? dim : `${name}_dim_${axis}`)) };
  });
}

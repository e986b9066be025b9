import type { GradientCheckReport, GradientCheckRequest } from '../../../preload/training/gradient-calls.js';
import { compareAlong, type Agreement, type Verdict } from '../../core/autodiff/finite-differences.js';
import {
  gradientGraph,
  gradientName,
  inputName,
  outputName,
  plainGraph,
  seedName,
  weightName,
} from '../../core/training/loss-graph.js';
import { AppError } from '../../core/errors.js';
import { createRandom, type Random } from '../../core/image/random.js';
import { checkModel } from '../../core/onnx/check.js';
import type { Graph, Tensor, TensorOf, ValueInfo } from '../../core/onnx/model.js';
import { requiredMultiple } from '../../core/onnx/receptive-field.js';
import { bindInputShapes, bindSymbols } from '../../core/onnx/shapes.js';
import { elementCount } from '../../core/onnx/tensor.js';
import { weightsAsInputs } from '../../core/training/step-graph.js';
import type { RuntimeSession, RuntimeTensor } from '../runtime.js';
import type { Report } from '../service.js';
import { chooseProvider, openGraph } from '../sessions.js';
import { noiseFor } from './noise-inputs.js';
import { openNet, readInputs, toRuntime } from './net.js';

/** `gradient --check`: derivatives of a model's outputs, summed with random factors, against finite differences. */

const SEED = 20;
/** Sizes that are tried for what a model leaves free, before being rounded up to what its image inputs need. */
const SIZES = [16, 32, 64, 24, 48, 8, 128, 96, 224, 256, 4, 512] as const;
const BATCHES = [2, 1] as const;
/** Weights of at most so many elements are also checked by single elements. */
const SMALL_ELEMENTS = 64;
/** Time that the differences may take, about; fewer directions are tried where a run takes long. */
const BUDGET_MS = 20_000;
/** Runs that one direction takes, about: two points for each of two to four steps. */
const RUNS_PER_LINE = 6;
/** Further points that are tried where derivatives do not agree, and how far they are, relative to the values. */
const OTHER_POINTS = 3;
const DISTANCE = 0.1;
/** Runs that measure rounding, for each weight. */
const NOISE_RUNS = 4;
const FLOAT_EPSILON = 1.2e-7;
/** Least size that a weight is taken to have: that of zeros. */
const LEAST_SIZE = 0.05;
/** Derivatives below this share of the largest of all weights do not matter. */
const NEGLIGIBLE_SHARE = 1e-3;

export async function checkGradients(
  signal: AbortSignal,
  request: GradientCheckRequest,
  report: Report,
): Promise<GradientCheckReport> {
  const net = await openNet(request.model);
  const random = createRandom(SEED);
  const given = await readInputs(net.graph, request.inputs);
  const graph = atSizes(net.graph, given, net.weights);
  const inputs = graph.inputs.map((info) => given.get(info.name) ?? noiseFor(info, random));
  const checker = await Checker.open(graph, inputs, net.weights, random, request);
  try {
    const rows: GradientCheckReport['rows'] = [];
    for (const subject of checker.subjects) {
      const worst = await checker.check(signal, subject);
      const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
      rows.push({
        name: subject.name,
        kind: subject.kind,
        shape: [...checker.shapeOf(subject)],
        analytic: finite(worst.analytic),
        numeric: finite(worst.numeric),
        error: finite(worst.error),
        verdict: worst.verdict,
      });
      report('train', rows.length / checker.subjects.length, 0);
    }
    return { inputs: graph.inputs.map(({ name, dims }) => ({ name, shape: dims.map(Number) })), rows };
  } finally {
    await checker.release();
  }
}

/** What derivatives are taken by: a weight or an input, by its name in the model and in the graphs. */
interface Subject {
  readonly name: string;
  readonly kind: 'weight' | 'input';
  readonly feed: string;
}

type Floats = TensorOf<'float32'>;

/** Values of all inputs and weights, with the gradient there. */
interface Point {
  readonly feeds: Readonly<Record<string, RuntimeTensor>>;
  readonly gradients: ReadonlyMap<string, Float32Array>;
}

/** One of the subjects at a point. */
interface Place {
  readonly point: Point;
  readonly feed: string;
  readonly value: Floats;
  readonly gradient: Float32Array;
  /** The size of an element of the value. */
  readonly size: number;
  /** The derivative along a random direction as long as the value, on average. */
  readonly typical: number;
}

/** A direction through a place, as long as the value there. */
type Aim = (place: Place) => Float64Array;

/** The sum of a model's outputs, times random factors, and its gradient, wherever they are asked for. */
class Checker {
  private readonly points: Point[] = [];
  private runMs = 0;
  private largest = 0;

  private constructor(
    readonly subjects: readonly Subject[],
    private readonly factors: ReadonlyMap<string, Float32Array>,
    private readonly values: RuntimeSession,
    private readonly derivatives: RuntimeSession,
    private readonly random: Random,
  ) {}

  static async open(
    graph: Graph,
    inputs: readonly Tensor[],
    weights: readonly string[],
    random: Random,
    request: GradientCheckRequest,
  ): Promise<Checker> {
    const plain = plainGraph(graph, weights);
    const subjects: Subject[] = [];
    const feeds: Record<string, RuntimeTensor> = {};
    for (const [index, name] of weights.entries()) {
      const feed = weightName(index);
      const value = plain.initializers.get(feed);
      if (value === undefined) continue;
      feeds[feed] = toRuntime(value);
      subjects.push({ name, kind: 'weight', feed });
    }
    const names = subjects.map(({ feed }) => feed);
    for (const [index, { name, type }] of graph.inputs.entries()) {
      feeds[inputName(index)] = toRuntime(inputs[index]!);
      if (type === 'float32') subjects.push({ name, kind: 'input', feed: inputName(index) });
    }
    const factors = new Map<string, Float32Array>();
    for (const [index, { type, dims }] of plain.outputs.entries()) {
      if (type !== 'float32') continue;
      const length = elementCount(dims.map(Number));
      const data = Float32Array.from({ length }, () => random.normal());
      factors.set(outputName(index), data);
      feeds[seedName(index)] = { type, dims: dims.map(Number), data };
    }
    const wanted = subjects.map(({ feed }) => feed);
    const values = await open(weightsAsInputs(plain, names), request);
    const derivatives = await open(gradientGraph(plain, names, wanted), request);
    const checker = new Checker(subjects, factors, values, derivatives, random);
    checker.points.push(await checker.pointAt(feeds));
    const typical = subjects.map((subject) => checker.place(checker.points[0]!, subject).typical);
    checker.largest = Math.max(...typical.filter(Number.isFinite));
    return checker;
  }

  shapeOf({ feed }: Subject): readonly number[] {
    return this.points[0]!.feeds[feed]!.dims;
  }

  /** The worst of what is found along several directions. */
  async check(signal: AbortSignal, subject: Subject): Promise<Agreement> {
    const place = this.place(this.points[0]!, subject);
    const noise = await this.noiseOf(place);
    const most = Math.floor(BUDGET_MS / (this.subjects.length * RUNS_PER_LINE * this.runMs));
    let worst: Agreement | undefined;
    for (const aim of this.aims(place).slice(0, Math.max(1, most))) {
      let found = await this.compare(signal, place, aim, noise);
      // The point may lie on a kink, where there is no derivative: a wrong rule is wrong at other points, too.
      for (let other = 1; other <= OTHER_POINTS && found.verdict === 'suspicious'; other++) {
        const there = this.place(await this.otherPoint(other), subject);
        const again = await this.compare(signal, there, aim, noise);
        if (again.verdict === 'ok') found = again;
      }
      if (worst === undefined || badness(found) > badness(worst)) worst = found;
    }
    return worst!;
  }

  async release(): Promise<void> {
    await this.values.release();
    await this.derivatives.release();
  }

  private compare(signal: AbortSignal, place: Place, aim: Aim, noise: number): Promise<Agreement> {
    const direction = aim(place);
    const analytic = direction.reduce((sum, value, i) => sum + value * place.gradient[i]!, 0);
    const at = (distance: number): Promise<number> => {
      if (signal.aborted) throw new AppError('engine/cancelled', 'cancelled');
      return this.sumAt(place, direction, distance);
    };
    const negligible = NEGLIGIBLE_SHARE * this.largest;
    return compareAlong({ at, analytic, typical: place.typical, noise, negligible });
  }

  private async pointAt(feeds: Readonly<Record<string, RuntimeTensor>>): Promise<Point> {
    const outputs = await this.derivatives.run(only(this.derivatives, feeds));
    const gradients = this.subjects.flatMap(({ feed }) => {
      const gradient = outputs[gradientName(feed)];
      return gradient === undefined ? [] : [[feed, gradient.data as Float32Array] as const];
    });
    return { feeds, gradients: new Map(gradients) };
  }

  /** A point beside the first, made when it is asked for. */
  private async otherPoint(index: number): Promise<Point> {
    while (this.points.length <= index) {
      const first = this.points[0]!;
      const moved = this.subjects.map((subject) => {
        const { value, size } = this.place(first, subject);
        const data = value.data.map((entry) => entry + DISTANCE * size * this.random.normal());
        return [subject.feed, { ...value, data }] as const;
      });
      this.points.push(await this.pointAt({ ...first.feeds, ...Object.fromEntries(moved) }));
    }
    return this.points[index]!;
  }

  private place(point: Point, { feed }: Subject): Place {
    const value = point.feeds[feed] as Floats;
    const gradient = point.gradients.get(feed) ?? new Float32Array(value.data.length);
    const size = Math.max(norm(value.data) / Math.sqrt(value.data.length), LEAST_SIZE);
    return { point, feed, value, gradient, size, typical: norm(gradient) * size };
  }

  /** A random direction, that of the gradient, and single elements of few or another random one. */
  private aims({ value, gradient }: Place): Aim[] {
    const { length } = value.data;
    const scaled = (direction: Float64Array, { size }: Place): Float64Array => {
      const factor = (size * Math.sqrt(length)) / norm(direction);
      return direction.map((entry) => entry * factor);
    };
    const anywhere: Aim = (place) =>
      scaled(
        new Float64Array(length).map(() => this.random.normal()),
        place,
      );
    const single =
      (index: number): Aim =>
      (place) =>
        scaled(new Float64Array(length).fill(1, index, index + 1), place);
    const found = [anywhere];
    if (norm(gradient) > 0 && Number.isFinite(norm(gradient))) {
      found.push((place) =>
        norm(place.gradient) > 0 ? scaled(Float64Array.from(place.gradient), place) : anywhere(place),
      );
    }
    if (length === 1) return found.slice(0, 1);
    if (length > SMALL_ELEMENTS) return [...found, anywhere];
    const magnitudes = gradient.map(Math.abs);
    return [
      ...found,
      single(Math.max(0, magnitudes.indexOf(Math.max(...magnitudes)))),
      single(this.random.uint32() % length),
    ];
  }

  /** How far the sum moves when the value moves by no more than rounding. */
  private async noiseOf(place: Place): Promise<number> {
    const sums: number[] = [];
    const start = performance.now();
    for (let run = 0; run < NOISE_RUNS; run++) {
      const jitter = Float64Array.from(place.value.data, (entry) => {
        return (Math.abs(entry) + place.size * 0.1) * FLOAT_EPSILON * this.random.normal();
      });
      sums.push(await this.sumAt(place, jitter, 1));
    }
    this.runMs = (performance.now() - start) / NOISE_RUNS;
    return Math.max(...sums) - Math.min(...sums);
  }

  /** The sum of all outputs, times their factors, with one value moved. */
  private async sumAt({ point, feed, value }: Place, direction: Float64Array, distance: number): Promise<number> {
    const data = value.data.map((entry, i) => entry + distance * direction[i]!);
    const outputs = await this.values.run(only(this.values, { ...point.feeds, [feed]: { ...value, data } }));
    let sum = 0;
    for (const [output, factors] of this.factors) {
      const found = outputs[output]!.data as Float32Array;
      for (const [i, factor] of factors.entries()) sum += factor * found[i]!;
    }
    // Lets a cancellation through: the runtime blocks this thread.
    await new Promise((resolve) => setImmediate(resolve));
    return sum;
  }
}

const only = (session: RuntimeSession, feeds: Readonly<Record<string, RuntimeTensor>>): Record<string, RuntimeTensor> =>
  Object.fromEntries(session.inputNames.map((name) => [name, feeds[name]!]));

const WORST_LAST: readonly Verdict[] = ['ok', 'unclear', 'suspicious'];
const badness = ({ verdict, error }: Agreement): number => {
  return WORST_LAST.indexOf(verdict) * 1e9 + (Number.isFinite(error) ? Math.min(error, 1e8) : 1e8);
};

const norm = (values: Float32Array | Float64Array): number =>
  Math.sqrt((values as Float64Array).reduce((sum, value) => sum + value * value, 0));

function open(graph: Graph, { runtime }: GradientCheckRequest): Promise<RuntimeSession> {
  return openGraph(graph, { provider: chooseProvider(runtime.provider), threads: runtime.threads, asWritten: true });
}

/** The graph at the sizes of the inputs that are given, and for what is free then, at ones at which it works. */
function atSizes(graph: Graph, given: ReadonlyMap<string, Tensor>, weights: readonly string[]): Graph {
  if (given.size === graph.inputs.length) {
    const shapes = Object.fromEntries([...given].map(([name, { dims }]) => [name, dims]));
    const bound = bindInputShapes(graph, shapes);
    checkModel(bound);
    return bound;
  }
  const known = new Map<string, number>();
  for (const { name, dims } of graph.inputs) {
    const value = given.get(name);
    if (value === undefined) continue;
    for (const [axis, dim] of dims.entries()) if (typeof dim === 'string') known.set(dim, value.dims[axis]!);
  }
  const multiple = graph.inputs.reduce((most, input) => Math.max(most, multipleOf(graph, input)), 1);
  let reason: unknown;
  for (const size of SIZES) {
    const side = Math.ceil(size / multiple) * multiple;
    for (const batch of BATCHES) {
      try {
        const isBatch = (symbol: string): boolean =>
          graph.inputs.some(({ dims }) => dims.length > 1 && dims[0] === symbol);
        const bound = bindSymbols(graph, (symbol) => known.get(symbol) ?? (isBatch(symbol) ? batch : side));
        checkModel(bound);
        const plain = plainGraph(bound, weights);
        const names = weights.map((_, index) => weightName(index)).filter((name) => plain.initializers.has(name));
        gradientGraph(plain, names, names);
        return bound;
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== 'model/shape') throw error;
        reason ??= error;
      }
    }
  }
  throw reason;
}

function multipleOf(graph: Graph, input: ValueInfo): number {
  try {
    const isFree = input.dims.some((dim) => typeof dim === 'string');
    return isFree ? requiredMultiple(graph, input.name) : 1;
  } catch (error) {
    // No image, or of sizes at which it cannot be followed: the sizes that are tried will show.
    if (error instanceof AppError) return 1;
    throw error;
  }
}

import { describe, expect, it } from 'vitest';
import {
  floatAttr,
  floatsAttr,
  intAttr,
  intsAttr,
  nodeLabel,
  stringAttr,
  tensorAttr,
} from '../../../../main/core/onnx/model.js';
import { float32Tensor, scalarTensor, tensor, toNumbers } from '../../../../main/core/onnx/tensor.js';
import { consumers, liveNodes, producers, sortNodes } from '../../../../main/core/onnx/topology.js';
import { graphOf, node, refusal } from './graphs.js';

describe('attributes', () => {
  const value = float32Tensor([1], [2]);
  const example = node('Conv', [], ['y'], {
    group: { kind: 'int', value: 2 },
    alpha: { kind: 'float', value: 0.5 },
    mode: { kind: 'string', value: 'edge' },
    pads: { kind: 'ints', value: [1, 2] },
    scales: { kind: 'floats', value: [1.5] },
    value: { kind: 'tensor', value },
  });

  it('are read by kind', () => {
    expect(intAttr(example, 'group')).toBe(2);
    expect(floatAttr(example, 'alpha', 1)).toBe(0.5);
    expect(stringAttr(example, 'mode')).toBe('edge');
    expect(intsAttr(example, 'pads')).toEqual([1, 2]);
    expect(floatsAttr(example, 'scales')).toEqual([1.5]);
    expect(tensorAttr(example, 'value')).toBe(value);
  });

  it('have defaults, or are missed by name', () => {
    expect(intAttr(example, 'axis', -1)).toBe(-1);
    expect(refusal(() => intAttr(example, 'axis'))).toBe("model/invalid: y (Conv): attribute 'axis' is missing");
    expect(refusal(() => intAttr(example, 'pads', 1))).toBe(
      "model/invalid: y (Conv): attribute 'pads' is ints, not int",
    );
  });
});

it('a node goes by its name, its first output or nothing', () => {
  expect(nodeLabel(node('Relu', [], ['y'], {}, 'relu1'))).toBe('relu1 (Relu)');
  expect(nodeLabel(node('Relu', [], ['y']))).toBe('y (Relu)');
  expect(nodeLabel(node('Relu', [], []))).toBe('unnamed node (Relu)');
});

describe('tensors', () => {
  it('hold as many elements as their shape says', () => {
    const message = 'model/invalid: tensor of 3 elements cannot have the shape 2x2';
    expect(refusal(() => tensor('uint8', [2, 2], Uint8Array.of(1, 2, 3)))).toBe(message);
  });

  it.each([
    'float32',
    'float64',
    'uint8',
    'int8',
    'uint16',
    'int16',
    'uint32',
    'int32',
    'uint64',
    'int64',
    'bool',
  ] as const)('of one %s', (type) => {
    const one = scalarTensor(type, 1);
    expect(one.dims).toEqual([]);
    expect(toNumbers(one)).toEqual([1]);
  });
});

describe('the order of nodes', () => {
  const a = node('Relu', ['x'], ['a']);
  const b = node('Add', ['a', 'a'], ['b', '']);
  const c = node('Concat', ['b', '', 'x'], ['y']);
  const dead = node('Neg', ['a'], ['dead']);

  it('is kept if it works and mended if not', () => {
    expect(sortNodes(graphOf([a, dead, b, c]))).toEqual([a, dead, b, c]);
    expect(sortNodes(graphOf([c, b, dead, a]))).toEqual([a, b, c, dead]);
  });

  it('does not depend on the depth of the call stack', () => {
    const chain = Array.from({ length: 20_000 }, (_, i) => node('Relu', [`v${i}`], [`v${i + 1}`])).reverse();
    expect(sortNodes(graphOf(chain)).at(-1)).toBe(chain[0]);
  });

  it('can be asked who makes, who reads and who matters', () => {
    const graph = graphOf([a, dead, b, c]);
    expect(Object.fromEntries(producers(graph))).toEqual({ a, b, y: c, dead });
    expect(Object.fromEntries(consumers(graph))).toEqual({ x: [a, c], a: [dead, b], b: [c] });
    expect(liveNodes(graph)).toEqual([a, b, c]);
  });
});

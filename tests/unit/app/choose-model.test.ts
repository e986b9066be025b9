import { utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ModelSummary } from '../../../preload/engine-protocol.js';
import { chooseModel, libraryModel, resolvedChoice } from '../../../main/app/choose-model.js';
import type { ModelVersion } from '../../../main/app/model-library.js';
import { tempFolder } from '../../support/temp-folder.js';

const shipped = ['quality', 'fast', 'estimator', 'vae-encoder'].map((name) => {
  const kind = name === 'estimator' ? 'noise-estimator' : name === 'vae-encoder' ? name : 'denoiser';
  return { name, kind, sha256: `hash of ${name}` } as ModelSummary;
});

const none = {
  forUse: () => Promise.resolve(null),
  list: () => Promise.resolve({ versions: [], damaged: [], fault: null }),
};
const offer = { shipped, library: none };

describe('chooseModel', () => {
  it('knows the shipped models by name', async () => {
    expect(await chooseModel('fast', offer)).toEqual({
      model: 'fast',
      id: 'hash of fast',
      name: 'fast',
      note: null,
      fallback: null,
    });
  });

  it.each(['qualty', 'estimator', 'vae-encoder', ''])('refuses the name %j and lists the others', async (name) => {
    await expect(chooseModel(name, offer)).rejects.toMatchObject({
      code: 'usage/invalid',
      message: `unknown model '${name}': there are quality, fast, or give the path of an .onnx file`,
    });
  });

  it('takes a file by its path, and tells its contents by its stamp', async () => {
    const path = join(tempFolder(), 'mine.onnx');
    await expect(chooseModel(path, offer)).rejects.toThrow('is no file');
    writeFileSync(path, 'x');
    const first = await chooseModel(path, offer);
    expect(first.model).toBe(path);
    utimesSync(path, 1, 1);
    expect((await chooseModel(path, offer)).id).not.toBe(first.id);
  });
});

describe('libraryModel', () => {
  const version = (base: string) =>
    ({ file: '/own.onnx', card: { sha256: 'own', name: 'night', base } }) as ModelVersion;

  it('lets the shipped model that it descends from take its place, and tells results of both apart', () => {
    const model = { model: '/own.onnx', name: 'night', note: null };
    expect(libraryModel(version('fast'), shipped)).toEqual({ ...model, id: 'own/hash of fast', fallback: 'fast' });
    expect(libraryModel(version('another net'), shipped)).toEqual({ ...model, id: 'own', fallback: null });
  });
});

describe('resolvedChoice', () => {
  const chosen = { model: '/own.onnx', fallback: 'fast' };

  it('takes what the person says before what the model brings', () => {
    expect(resolvedChoice({}, chosen)).toEqual(chosen);
    expect(resolvedChoice({ fallback: 'quality' }, chosen)).toEqual({ model: '/own.onnx', fallback: 'quality' });
    expect(resolvedChoice({ fallback: 'none' }, chosen)).toEqual({ model: '/own.onnx', fallback: 'none' });
    expect(resolvedChoice({}, { model: 'fast', fallback: null })).toEqual({ model: 'fast' });
  });
});

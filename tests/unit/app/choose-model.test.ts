import { utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ModelSummary } from '../../../preload/engine-protocol.js';
import { chooseModel } from '../../../main/app/choose-model.js';
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
    expect(await chooseModel('fast', offer)).toEqual({ model: 'fast', id: 'hash of fast', name: 'fast', note: null });
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

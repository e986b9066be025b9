import { spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CARD_KEY } from '../../main/app/model-exchange.js';
import { ModelLibrary, type ModelVersion } from '../../main/app/model-library.js';
import { decodeModel, withMetadata } from '../../main/core/onnx/codec.js';
import { DEFAULT_DENOISE, DEFAULT_ENCODE, DEFAULT_RUNTIME } from '../../preload/contract.js';
import { callEngine, codeOf } from '../support/engine-service.js';
import { newCard, tinyDenoiser, writeDenoiser } from '../support/model-files.js';
import { MODELS, writeNoisyPng } from '../support/photos.js';
import { tempFolder } from '../support/temp-folder.js';

const BUILT = fileURLToPath(new URL('../../dist/main/app/model-library.js', import.meta.url));

/** A library and a folder for files beside it. */
class Bench {
  readonly folder = tempFolder();
  readonly state = join(this.folder, 'state');
  readonly models = join(this.state, 'models');
  readonly library = new ModelLibrary(this.state);

  at = (name: string): string => join(this.folder, name);
  add = (name: string, gain: number, created = '2026-05-17T14:03:09.000Z') =>
    this.library.add(writeDenoiser(this.at('given.onnx'), gain), newCard(name, { created }));
}

/** Runs a script in a process of its own, with the built library as `library` and what follows as `process.argv`. */
function inProcess(
  script: string,
  state: string,
  ...args: string[]
): Promise<{ code: number | null; signal: string | null }> {
  const head = `import { ModelLibrary } from ${JSON.stringify(BUILT)}; const [state, ...args] = process.argv.slice(1);
    const library = new ModelLibrary(state);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', head + script, state, ...args], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  return new Promise((resolve) =>
    child.once('close', (code, signal) => {
      resolve({ code, signal });
    }),
  );
}

describe('the library of models', () => {
  it('keeps each version in a folder of its own, and the same contents once', async () => {
    const bench = new Bench();
    const first = await bench.add('night', 0.9, '2026-05-17T10:00:00.000Z');
    const second = await bench.add('night', 0.8, '2026-05-17T11:00:00.000Z');
    const again = await bench.add('day', 0.9);
    expect([first.isNew, second.isNew, again.isNew]).toEqual([true, true, false]);
    expect(again.version.card.name).toBe('night');
    const { versions, damaged, fault } = await new ModelLibrary(bench.state).list();
    expect(versions.map(({ id, promoted }) => [id, promoted])).toEqual([
      [second.version.id, false],
      [first.version.id, false],
    ]);
    expect({ damaged, fault }).toEqual({ damaged: [], fault: null });
    expect(readFileSync(first.version.file)).toEqual(Buffer.from(tinyDenoiser(0.9)));
    expect(readdirSync(bench.models).sort()).toEqual([first.version.id, second.version.id].sort());
  });

  it('lets a name stand for a promoted version, and goes back one by one to the shipped model', async () => {
    const bench = new Bench();
    const { library } = bench;
    const [a, b] = [(await bench.add('night', 0.9)).version, (await bench.add('night', 0.8)).version];
    expect(await codeOf(library.forUse('night'))).toBe('usage/invalid');
    expect(await library.forUse('nobody')).toBeNull();
    await library.promote(a.id);
    await library.promote(b.id);
    expect(await library.forUse('night')).toMatchObject({ id: b.id, promoted: true });
    expect(await library.get('night')).toMatchObject({ id: b.id });
    expect(await library.forUse(a.id)).toMatchObject({ id: a.id, promoted: false });
    expect(await library.rollback('night')).toMatchObject({ id: a.id, promoted: true });
    expect(await library.rollback('night')).toBeNull();
    expect(await library.forUse('night')).toEqual({ base: 'fast' });
    await expect(library.rollback('night')).rejects.toMatchObject({
      message: expect.stringMatching(/nothing to roll back/) as string,
    });
    expect((await library.history('night')).map(({ version }) => version)).toEqual([a.id, b.id, a.id, null]);
    expect(await codeOf(library.get('nobody'))).toBe('model/not-found');
    await expect(library.get('nobody')).rejects.toThrow('there are night');
  });

  it('chooses the promoted version of a camera', async () => {
    const bench = new Bench();
    const camera = { make: 'Canon', model: 'Canon EOS R5', iso: 3200 };
    const { version } = await bench.add('night', 0.9);
    expect(await bench.library.pickFor(camera, 'fast')).toBeNull();
    await bench.library.promote('night');
    expect(await bench.library.pickFor(camera, 'fast')).toMatchObject({ id: version.id });
    expect(await bench.library.pickFor({ ...camera, iso: 100 }, 'fast')).toBeNull();
  });

  it.each(['../up', 'a/b', 'quality', 'Auto', 'x.onnx', '0123456789ab', '', ' a', 'a '])(
    'refuses the name %j',
    async (name) => {
      const bench = new Bench();
      expect(await codeOf(bench.add(name, 0.9))).toBe('usage/invalid');
      expect(existsSync(bench.models)).toBe(false);
    },
  );
});

describe('damage', () => {
  it('of a version is listed with its reason, stops nothing else, and is mended by the same file', async () => {
    const bench = new Bench();
    const gains = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6];
    const versions: ModelVersion[] = [];
    for (const gain of gains) versions.push((await bench.add(`model ${gain}`, gain)).version);
    const place = (index: number, file: string): string => join(bench.models, versions[index]!.id, file);
    writeFileSync(place(0, 'card.json'), '{"v":1,"na');
    writeFileSync(place(1, 'card.json'), '{"v":1}');
    rmSync(place(2, 'model.onnx'));
    truncateSync(place(3, 'model.onnx'), 10);
    const flipped = readFileSync(place(4, 'model.onnx'));
    flipped[20]! ^= 1;
    writeFileSync(place(4, 'model.onnx'), flipped);
    const { versions: whole, damaged } = await bench.library.list();
    expect(whole.map(({ id }) => id).sort()).toEqual([versions[4]!.id, versions[5]!.id].sort());
    expect(Object.fromEntries(damaged.map(({ id, reason }) => [id, reason]))).toEqual({
      [versions[0]!.id]: 'its card is damaged: it is not JSON',
      [versions[1]!.id]: expect.stringMatching(/^its card is damaged: id: /) as string,
      [versions[2]!.id]: 'its file model.onnx is missing',
      [versions[3]!.id]: expect.stringMatching(/^its file has 10 bytes instead of \d+$/) as string,
    });
    // What is in the file is looked at before it is used.
    await expect(bench.library.promote(versions[4]!.id)).rejects.toThrow('its file was changed: the hash is another');
    await expect(bench.library.promote(versions[2]!.id)).rejects.toMatchObject({ code: 'model/invalid' });
    expect(await bench.library.promote(versions[5]!.id)).toMatchObject({ promoted: true });
    for (const [index, gain] of gains.entries()) {
      expect(await bench.add(`model ${gain}`, gain)).toMatchObject({
        isNew: index < 5,
        version: { id: versions[index]!.id },
      });
    }
    expect((await bench.library.list()).versions).toHaveLength(6);
    expect(readFileSync(place(0, 'card.json.damaged'), 'utf8')).toBe('{"v":1,"na');
  });

  it('of what is promoted is said, and kept when something is promoted again', async () => {
    const bench = new Bench();
    const { id } = (await bench.add('night', 0.9)).version;
    await bench.library.promote(id);
    const file = join(bench.models, 'current.json');
    writeFileSync(file, 'oops');
    expect(await bench.library.list()).toMatchObject({
      versions: [{ promoted: false }],
      fault: expect.stringMatching(/current\.json is damaged/) as string,
    });
    await bench.library.promote(id);
    expect(await bench.library.list()).toMatchObject({ versions: [{ promoted: true }], fault: null });
    const kept = readdirSync(bench.models).find((name) => name.startsWith('current.json.damaged-'))!;
    expect(readFileSync(join(bench.models, kept), 'utf8')).toBe('oops');
  });
});

describe('several processes', () => {
  it('lose no promotion of each other', async (context) => {
    if (!existsSync(BUILT)) return context.skip('needs the built program: npm run build');
    const bench = new Bench();
    const ids = [];
    for (const gain of [0.1, 0.2, 0.3, 0.4]) ids.push((await bench.add('night', gain)).version.id);
    const script = 'for (let i = 0; i < 15; i++) for (const id of args) await library.promote(id);';
    const ended = await Promise.all([
      inProcess(script, bench.state, ids[0]!, ids[1]!),
      inProcess(script, bench.state, ids[2]!, ids[3]!),
    ]);
    expect(ended).toEqual([
      { code: 0, signal: null },
      { code: 0, signal: null },
    ]);
    // Within a process no promotion is of what was promoted last, whatever the other does in between.
    const history = await bench.library.history('night');
    expect(ids.map((id) => history.filter(({ version }) => version === id).length)).toEqual([15, 15, 15, 15]);
    expect(readdirSync(join(bench.models, 'claims'))).toEqual([]);
  });

  it('that are killed before a version is in its place leave nothing that counts', async (context) => {
    if (!existsSync(BUILT)) return context.skip('needs the built program: npm run build');
    const bench = new Bench();
    const file = writeDenoiser(bench.at('given.onnx'), 0.7);
    const script = `import fs from 'node:fs/promises'; import { syncBuiltinESMExports } from 'node:module';
      fs.rename = async () => { process.kill(process.pid, 'SIGKILL'); await new Promise(() => setInterval(() => {}, 1000)); };
      syncBuiltinESMExports();
      await library.add(args[0], JSON.parse(args[1]));`;
    const ended = await inProcess(script, bench.state, file, JSON.stringify(newCard('night')));
    expect(ended.signal).toBe('SIGKILL');
    const left = readdirSync(bench.models);
    expect(left).toHaveLength(1);
    expect(await bench.library.list()).toMatchObject({ versions: [], damaged: [] });
    // An hour later nobody can be at it any more.
    utimesSync(join(bench.models, left[0]!), 1, 1);
    const { version } = await bench.add('night', 0.7);
    expect(readdirSync(bench.models)).toEqual([version.id]);
  });
});

describe('a full disk', () => {
  it('is said, and leaves the library as it was', async ({ skip }) => {
    const disk = tempFolder();
    const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk], { encoding: 'utf8' });
    if (mount.status !== 0) skip(`no tmpfs can be mounted here (${mount.stderr.trim()})`);
    onTestFinished(() => void spawnSync('umount', [disk]));
    const bench = new Bench();
    const library = new ModelLibrary(disk);
    const file = writeDenoiser(bench.at('given.onnx'), 0.9);
    const { version } = await library.add(file, newCard('night'));
    const { bavail, bsize } = statfsSync(disk);
    writeFileSync(join(disk, 'ballast'), Buffer.alloc(bavail * bsize));
    expect(await codeOf(library.promote('night'))).toBe('output/disk-full');
    expect(await codeOf(library.add(join(MODELS, 'denoise-fast.onnx'), newCard('day')))).toBe('output/disk-full');
    expect(await codeOf(library.exportTo('night', join(disk, 'out.onnx')))).toBe('output/disk-full');
    expect(readdirSync(disk).sort()).toEqual(['ballast', 'models']);
    expect((await library.list()).versions).toMatchObject([{ id: version.id, promoted: false }]);
    expect(readdirSync(join(disk, 'models')).sort()).toEqual([version.id, 'claims'].sort());
    rmSync(join(disk, 'ballast'));
    expect(await library.promote('night')).toMatchObject({ promoted: true });
  });
});

describe('export and import', () => {
  it('give the same card and the same bytes, which denoise identically', async () => {
    const [bench, other] = [new Bench(), new Bench()];
    const fast = join(MODELS, 'denoise-fast.onnx');
    const { version } = await bench.library.add(fast, newCard('night'));
    const exported = bench.at('night.onnx');
    await bench.library.exportTo('night', exported);
    const { version: imported, isNew } = await other.library.importFrom(exported);
    expect(isNew).toBe(true);
    expect(imported.card).toEqual(version.card);
    expect(readFileSync(imported.file).equals(readFileSync(fast))).toBe(true);
    expect(await bench.library.importFrom(exported)).toMatchObject({ isNew: false, version: { id: version.id } });

    await writeNoisyPng(bench.at('in.png'), 'coffee', 200, 150);
    const results = [];
    for (const model of ['fast', exported, imported.file]) {
      const output = bench.at(`out-${results.length}.png`);
      await callEngine('denoise', {
        input: bench.at('in.png'),
        output,
        overwrite: false,
        settings: { ...DEFAULT_DENOISE, model },
        encode: DEFAULT_ENCODE,
        runtime: DEFAULT_RUNTIME,
      });
      results.push(readFileSync(output).toString('base64'));
    }
    expect(results[1]).toBe(results[0]);
    expect(results[2]).toBe(results[0]);
  });

  it('never replace a file', async () => {
    const bench = new Bench();
    await bench.add('night', 0.9);
    writeFileSync(bench.at('precious.onnx'), 'precious');
    expect(await codeOf(bench.library.exportTo('night', bench.at('precious.onnx')))).toBe('output/exists');
    expect(readFileSync(bench.at('precious.onnx'), 'utf8')).toBe('precious');
    expect(readdirSync(bench.folder).sort()).toEqual(['given.onnx', 'precious.onnx', 'state']);
  });

  it('take any denoiser, with a name where it has no card, and doubt a card of other contents', async () => {
    const bench = new Bench();
    const plain = writeDenoiser(bench.at('plain.onnx'), 0.5);
    await expect(bench.library.importFrom(plain)).rejects.toMatchObject({
      code: 'usage/invalid',
      message: expect.stringMatching(/give it a name/) as string,
    });
    const { version } = await bench.library.importFrom(plain, 'plain');
    expect(version.card).toMatchObject({ name: 'plain', recipe: { kind: 'imported' }, gate: null, notes: [] });
    const forged = bench.at('forged.onnx');
    writeFileSync(forged, withMetadata(tinyDenoiser(0.4), CARD_KEY, JSON.stringify(version.card)));
    const doubted = (await bench.library.importFrom(forged)).version;
    expect(doubted.id).not.toBe(version.id);
    expect(doubted.card.notes).toEqual([expect.stringMatching(/written for other contents/)]);
    const spoilt = bench.at('spoilt.onnx');
    writeFileSync(spoilt, withMetadata(tinyDenoiser(0.3), CARD_KEY, '{"name":"../evil"}'));
    expect(await codeOf(bench.library.importFrom(spoilt))).toBe('usage/invalid');
    expect((await bench.library.importFrom(spoilt, 'spoilt')).version.card.notes).toEqual([
      'the card in the file could not be read',
    ]);
  });

  it.each([
    ['no-model.onnx', Buffer.from('hello'), 'model/invalid'],
    ['noise-estimator.onnx', readFileSync(join(MODELS, 'noise-estimator.onnx')), 'model/invalid'],
  ])('refuse %s', async (name, bytes, code) => {
    const bench = new Bench();
    writeFileSync(bench.at(name), bytes);
    expect(await codeOf(bench.library.importFrom(bench.at(name), 'x'))).toBe(code);
    expect(await codeOf(bench.library.importFrom(bench.at('nothing.onnx'), 'x'))).toBe('input/not-found');
    expect((await bench.library.list()).versions).toEqual([]);
  });

  it('put the card behind a file that every reader still reads', () => {
    const bytes = tinyDenoiser();
    const long = 'ä'.repeat(40_000);
    const { metadata, graph } = decodeModel(withMetadata(bytes, CARD_KEY, long));
    expect(metadata.get(CARD_KEY)).toBe(long);
    expect(graph).toEqual(decodeModel(bytes).graph);
  });
});

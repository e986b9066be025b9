import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ModelLibrary } from '../../main/app/model-library.js';
import { VaeLibrary } from '../../main/app/vae-library.js';
import { jsonLines, runCli, type CliResult } from '../support/cli.js';
import { sharp } from '../support/codec-photos.js';
import { exifBlock, insertExif } from '../support/exif-block.js';
import { newCard, tinyDenoiser, writeBlur, writeDenoiser } from '../support/model-files.js';
import { writePhoto } from '../support/odd-photos.js';
import { writeNoisyPng } from '../support/photos.js';
import { sharedFolder } from '../support/temp-folder.js';
import { newVaeCard, writeTinyVae } from '../support/tiny-vae.js';

const folder = sharedFolder();
const state = join(folder, 'state');
const library = new ModelLibrary(state);
const cli = (...args: string[]): Promise<CliResult> => runCli(args, { state, cwd: folder });
const ids: string[] = [];

/** Two versions of 'night', which has learnt from a Canon EOS R5 at ISO 1600 to 6400; two photos, one of that camera. */
beforeAll(async () => {
  for (const [index, gain] of [0.9, 0.5].entries()) {
    const card = newCard('night', { created: `2026-05-17T1${index}:00:00.000Z` });
    const { version } = await library.add(writeDenoiser(join(folder, 'given.onnx'), gain), card);
    ids.push(version.id);
  }
  await writePhoto(join(folder, 'other.png'));
  const jpeg = await sharp(join(folder, 'other.png')).jpeg().toBuffer();
  writeFileSync(join(folder, 'canon.jpg'), insertExif(jpeg, exifBlock()));
});

describe('stillgrain models', () => {
  it('shows, promotes and rolls back', async () => {
    const refused = await cli('denoise', 'other.png', '--out', 'o0', '--model', 'night');
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toMatch(/no version of 'night' has been promoted: stillgrain models promote 'night'/);

    expect(await cli('models', 'promote', 'night')).toMatchObject({
      code: 0,
      stdout: `Version ${ids[1]} of 'night' is what --model night means from now on.\n`,
      stderr: '',
    });
    const shown = await cli('models', 'show', 'night');
    expect(shown.stdout).toMatch(new RegExp(`^night\nversion +${ids[1]}, promoted\n`));
    expect(shown.stdout).toMatch(/camera +Canon EOS R5, ISO 1600-6400, 12 photos/);
    expect(shown.stdout).toMatch(/loss +█▄▂▁ {2}1\.00 to 0\.350/);
    expect(shown.stdout).toMatch(/because +0\.60 dB better on held-out photos/);
    expect(shown.stdout).toMatch(/psnr +32\.500 +33\.100 +yes/);

    const list = await cli('models');
    expect(list.code).toBe(0);
    expect(list.stdout).toMatch(/^model .*\nquality .*intact\nfast .*intact\n/);
    expect(list.stdout).toMatch(
      new RegExp(`night +${ids[1]} +fast +2026-05-17 +Canon EOS R5, ISO 1600-6400 +\\+0\\.60 held out +yes\n`),
    );
    expect(list.stdout).toMatch(new RegExp(`night +${ids[0]} .* no\n`));

    const back = await cli('models', 'rollback', 'night', '--json');
    expect(JSON.parse(back.stdout)).toEqual({ name: 'night', promoted: null });
    const nothing = await cli('models', 'rollback', 'night');
    expect(nothing).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^stillgrain: nothing to roll back/) as string,
    });
    const unknown = await cli('models', 'show', 'nihgt');
    expect(unknown).toMatchObject({ code: 1, stdout: '' });
    expect(unknown.stderr).toMatch(/has the name or id 'nihgt': there are night\n$/);
  });

  it('lists the VAEs of the person beside the denoisers, the damaged ones by their reason', async () => {
    const own = { state: join(folder, 'with-vaes'), cwd: folder };
    const vaes = new VaeLibrary(own.state);
    const kept = await vaes.add(writeTinyVae(join(folder, 'tiny-1'), 1), newVaeCard('album'));
    const table = await runCli(['models'], own);
    expect(table).toMatchObject({ code: 0, stderr: '' });
    expect(table.stdout).toMatch(
      new RegExp(`album +${kept.id} +- +2026-11-26 +32 x 32 px +6 numbers +7 +14\\.00 +-\n$`),
    );
    const broken = await vaes.add(writeTinyVae(join(folder, 'tiny-2'), 2), newVaeCard('broken'));
    writeFileSync(join(broken.folder, 'vae-decoder.onnx'), 'no model');
    const list = await runCli(['models', 'list', '--json'], own);
    expect(list.code).toBe(1);
    expect(JSON.parse(list.stdout)).toMatchObject({
      vaes: [{ name: 'album', id: kept.id, side: 32, latents: 6, folder: kept.folder }],
      damaged: [{ id: broken.id, name: null }],
    });
  });

  it('exports and imports, and never replaces a file', async () => {
    expect(await cli('models', 'export', ids[0]!, 'night.onnx')).toMatchObject({ code: 0, stderr: '' });
    const again = await cli('models', 'export', ids[0]!, 'night.onnx');
    expect(again).toMatchObject({ code: 1, stderr: expect.stringMatching(/night\.onnx is there already/) as string });
    const elsewhere = { state: join(folder, 'elsewhere'), cwd: folder };
    const imported = await runCli(['models', 'import', 'night.onnx', '--name', 'dusk', '--json'], elsewhere);
    expect(JSON.parse(imported.stdout)).toMatchObject({
      ...newCard('dusk'),
      created: '2026-05-17T10:00:00.000Z',
      id: ids[0],
      isNew: true,
    });
    const twice = await cli('models', 'import', 'night.onnx');
    expect(twice.stdout).toBe(
      `Version ${ids[0]} of 'night' is there already, with the very same contents: nothing was changed.\n`,
    );
    writeFileSync(join(folder, 'bad.onnx'), 'no model');
    const bad = await cli('models', 'import', 'bad.onnx', '--name', 'bad');
    expect(bad).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^stillgrain: bad\.onnx is no denoiser that can be used: /) as string,
    });
    const list = JSON.parse((await cli('models', 'list', '--json')).stdout) as Record<string, unknown>;
    expect(list).toMatchObject({
      shipped: ['quality', 'fast', 'estimator', 'vae-encoder', 'vae-decoder'].map((name) => ({ name })),
      library: [
        { name: 'night', id: ids[1], promoted: false },
        { name: 'night', id: ids[0], promoted: false },
      ],
      damaged: [],
    });
    expect(readFileSync(join(folder, 'night.onnx')).subarray(0, tinyDenoiser().length)).toEqual(
      Buffer.from(tinyDenoiser(0.9)),
    );
  });
});

describe('stillgrain denoise --model', () => {
  it('auto gives each photo the promoted version of its camera, and does it again when another is promoted', async () => {
    const run = async (): Promise<[string, string, string][]> => {
      const args = [
        'denoise',
        'canon.jpg',
        'other.png',
        '--out',
        'auto',
        '--model',
        'auto',
        '--name',
        '{name}',
        '--json',
      ];
      const { code, stdout } = await cli(...args);
      expect(code).toBe(0);
      const { photos } = jsonLines(stdout);
      return photos.map((photo) => [
        photo.input.slice(folder.length + 1),
        (photo as unknown as { model: string }).model,
        photo.status,
      ]);
    };
    await library.promote(ids[0]!);
    expect((await run()).sort()).toEqual([
      ['canon.jpg', 'night', 'done'],
      ['other.png', 'quality', 'done'],
    ]);
    const first = readFileSync(join(folder, 'auto/canon.jpg'));
    await library.promote(ids[1]!);
    expect((await run()).sort()).toEqual([
      ['canon.jpg', 'night', 'done'],
      ['other.png', 'quality', 'skipped'],
    ]);
    expect(readFileSync(join(folder, 'auto/canon.jpg')).equals(first)).toBe(false);
    const human = await cli('denoise', 'canon.jpg', 'other.png', '--out', 'human', '--model', 'auto');
    expect(human.stdout).toMatch(/done {4}canon\.jpg .*, model night\)\n/);
    expect(human.stdout).toContain('Models by camera and ISO: night for 1 photo, quality for 1 photo.');
  });

  it('leaves a photo to the shipped model where its own would blur it, says so, and can be told not to', async () => {
    const { version } = await library.add(writeBlur(join(folder, 'blur.onnx')), newCard('soft'));
    await library.promote(version.id);
    await writeNoisyPng(join(folder, 'cat.png'), 'chelsea', 300, 200, 12);
    const run = (...more: string[]): Promise<CliResult> =>
      cli('denoise', 'cat.png', '--name', '{name}', '--model', 'soft', ...more);
    const lines = async (...more: string[]) => jsonLines((await run('--json', ...more)).stdout).photos;
    const [photo] = await lines('--out', 'soft');
    expect(photo).toMatchObject({ status: 'done', model: 'fast', replaced: 'soft' });
    // Done is done: what takes the model's place is a part of what was asked for.
    expect(await lines('--out', 'soft')).toMatchObject([{ status: 'skipped' }]);
    const [forced] = await lines('--out', 'soft', '--fallback', 'none');
    expect(forced).toMatchObject({ status: 'done', model: 'soft', replaced: null, fit: null });

    // Variations are of the same picture; a name that is none is refused here, too.
    const vary = (model: string): Promise<CliResult> =>
      cli('generate', 'variations', 'cat.png', '--out', 'varied', '--count', '1', '--json', '--model', model);
    const varied = await vary('soft');
    expect(JSON.parse(varied.stdout.split('\n')[0]!)).toMatchObject({
      recipe: { denoise: { settings: { model: 'fast' } } },
    });
    expect(await vary('sfot')).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(
        /^stillgrain: unknown model 'sfot': there are quality, fast, night, soft/,
      ) as string,
    });

    const human = await run('--out', 'human');
    expect(human.stdout).toMatch(/done {4}cat\.png .*, model fast instead of soft\)\n/);
    expect(human.stdout).toContain("1 photo done by 'fast' instead of 'soft', which would take detail away there");
    const wrong = await run('--out', 'wrong', '--fallback', './fast.onnx');
    expect(wrong).toMatchObject({ code: 2, stdout: '' });
    expect(wrong.stderr).toBe("stillgrain: --fallback is the name of a shipped model, or none, not './fast.onnx'\n");
    expect((await run('--out', 'wrong', '--fallback', 'fasst')).stderr).toBe(
      "stillgrain: --fallback is one of quality, fast, none, not 'fasst'\n",
    );
  });

  it('takes names and ids, whose results are named after them; a name rolled back is the shipped model, said', async () => {
    await library.promote(ids[1]!);
    const named = ['--name', '{name}-{model}'];
    const byName = await cli('denoise', 'other.png', '--out', 'own', '--model', 'night', ...named);
    expect(byName.stdout).toContain('other.png -> own/other-night.png');
    const byId = await cli('denoise', 'other.png', '--out', 'id', '--model', ids[0]!, ...named);
    expect(byId.stdout).toContain('other.png -> id/other-night.png');
    while ((await library.rollback('night')) !== null) continue;
    const shipped = await cli('denoise', 'other.png', '--out', 'own', '--model', 'night', ...named);
    expect(shipped.stderr).toBe("stillgrain: 'night' was rolled back to the shipped model fast, which is used\n");
    expect(shipped.stdout).toContain('other.png -> own/other-fast.png');
  });
});

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EngineInfo } from '../../preload/contract.js';
import { runCli } from '../support/cli.js';
import { writePhoto } from '../support/odd-photos.js';
import { tempFolder } from '../support/temp-folder.js';

describe('wrong usage', () => {
  it.each([
    ['denoise a.jpg', /required option '-o, --out <dir>'/],
    ['denoise --out o', /missing required argument/],
    ['denoise a.jpg --out o --strength 7', /--strength must be between 0 and 2, not 7/],
    ['denoise a.jpg --out o --sigma -1', /--sigma must be between 0 and 255, not -1/],
    ['denoise a.jpg --out o --name {oops}', /unknown token {oops}; there are {name}/],
    ['denoise a.jpg --out o --model qualty', /unknown model 'qualty': there are quality, fast/],
    ['denoise a.jpg --out o --model ./none.onnx', /none\.onnx is no file/],
    ['denoise a.jpg --out o --strenght 1', /Did you mean --strength\?/],
    ['denois a.jpg', /Did you mean denoise\?/],
    ['compare a.jpg', /missing required argument 'B'/],
    ['models extra', /too many arguments/],
  ])('%s exits with 2 and says why', async (line, reason) => {
    const folder = tempFolder();
    const result = await runCli(line.split(' '), { state: join(folder, 'state'), cwd: folder });
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toMatch(reason);
    expect(result.stderr).not.toMatch(/\n {4}at /);
  });
});

describe('help', () => {
  it('is there for the program and for each command, with examples', async () => {
    const state = tempFolder();
    for (const args of [['--help'], ['help', 'denoise'], ['denoise', '--help']]) {
      const result = await runCli(args, { state });
      expect(result).toMatchObject({ code: 0, stderr: '' });
      expect(result.stdout).toContain('$ stillgrain denoise');
    }
  });

  it('knows the version', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect((await runCli(['--version'], { state: tempFolder() })).stdout).toBe(`${version}\n`);
  });
});

describe('the other commands', () => {
  it('list the models, for people and for machines', async () => {
    const state = tempFolder();
    expect((await runCli(['models'], { state })).stdout).toMatch(/^model .*\nquality .*intact\nfast .*intact\n/);
    const json = await runCli(['models', '--json'], { state });
    expect(JSON.parse(json.stdout)).toMatchObject([
      { name: 'quality', intact: true },
      { name: 'fast' },
      { name: 'estimator' },
      { name: 'vae-encoder', kind: 'vae-encoder', receptiveRadius: null, multiple: 128, intact: true },
      { name: 'vae-decoder', intact: true },
    ]);
  });

  it('say what works on this machine', async () => {
    const state = tempFolder();
    const env = { VK_ICD_FILENAMES: '/nowhere.json' };
    const first = await runCli(['doctor', '--retest', '--json'], { state, env });
    expect(first.stderr).toMatch(/^Trying the accelerators/m);
    // What is known is not tried again.
    const human = await runCli(['doctor'], { state, env });
    expect(human).toMatchObject({ code: 0, stderr: '' });
    expect(human.stdout).toMatch(/cpu +yes/);
    expect(human.stdout).toMatch(/cpu in 8 bits +yes +quality +\d/);
    expect(human.stdout).toContain(state);
    const { engine, accelerators } = JSON.parse(first.stdout) as Record<string, unknown>;
    expect(engine).toMatchObject({ formats: ['jpeg', 'png', 'tiff', 'webp', 'avif'] });
    const webgpu = (engine as EngineInfo).providers.find(({ name }) => name === 'webgpu');
    if (webgpu?.present !== true || process.platform !== 'linux') return;
    const of = (way: object, verdict: object) => ['quality', 'fast'].map((model) => ({ ...way, model, verdict }));
    expect(accelerators).toMatchObject([
      ...of({ provider: 'webgpu', precision: 'float', chosen: false }, { state: 'failed' }),
      // How fast they are is the processor's affair; right they are on all.
      ...of({ provider: 'cpu', precision: 'int8' }, { state: 'passed' }),
    ]);
  });

  it('measure noise, photo by photo, bad ones included', async () => {
    const folder = tempFolder();
    const options = { state: join(folder, 'state'), cwd: folder };
    await writePhoto(join(folder, 'a.png'), 200, 150);
    writeFileSync(join(folder, 'b.png'), '');
    const human = await runCli(['estimate', 'a.png', 'b.png', 'c.png'], options);
    expect(human.code).toBe(1);
    expect(human.stdout).toMatch(/^photo +size +noise +per channel +range\na\.png +200x150 +\d/);
    expect(human.stderr).toMatch(/^failed {2}b\.png: .*\nfailed {2}c\.png: no such file or folder\n$/);
    const json = await runCli(['estimate', '--json', folder], options);
    const lines = json.stdout.trim().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { status: 'done', width: 200, height: 150, sigma: expect.any(Number) as number },
      { status: 'failed', error: { code: 'input/empty' } },
    ]);
  });

  it('compare two images', async () => {
    const folder = tempFolder();
    const options = { state: join(folder, 'state'), cwd: folder };
    await writePhoto(join(folder, 'a.png'), 64, 48, 1);
    await writePhoto(join(folder, 'b.png'), 64, 48, 2);
    await writePhoto(join(folder, 'c.png'), 32, 48, 2);
    expect((await runCli(['compare', 'a.png', 'b.png'], options)).stdout).toMatch(/PSNR +\d\d\.\d\d dB/);
    const same = JSON.parse((await runCli(['compare', 'a.png', 'a.png', '--json'], options)).stdout) as unknown;
    expect(same).toMatchObject({ psnr: null, ssim: 1, maxDifference: 0 });
    const different = await runCli(['compare', 'a.png', 'c.png'], options);
    expect(different).toMatchObject({ code: expect.any(Number) as number, stdout: '' });
    expect(different.code).not.toBe(0);
    expect(different.stderr).toMatch(/^stillgrain: .*\n$/);
  });
});

describe('denoise', () => {
  it('prints a line per photo when piped, nothing but errors with --quiet', async () => {
    const folder = tempFolder();
    const options = { state: join(folder, 'state'), cwd: folder };
    await writePhoto(join(folder, 'in.png'));
    const base = ['denoise', 'in.png', '--model', 'fast', '--out'];
    const plain = await runCli([...base, 'o1'], options);
    expect(plain).toMatchObject({ code: 0, stderr: '' });
    expect(plain.stdout).toMatch(
      /^done {4}in\.png -> o1\/in\.png \(0\.0 MP, .*, noise .*\)\n1 photo denoised in .*\n$/,
    );
    expect(await runCli([...base, 'o2', '--quiet'], options)).toMatchObject({ code: 0, stdout: '', stderr: '' });
    const failed = await runCli([...base, 'o2', '--quiet', 'none.png'], options);
    expect(failed).toMatchObject({ code: 1, stdout: '', stderr: 'failed  none.png: no such file or folder\n' });
  });

  it('names results by a template, in another format, and numbers what would collide', async () => {
    const folder = tempFolder();
    const options = { state: join(folder, 'state'), cwd: folder };
    for (const name of ['a.png', 'a.webp', 'b.png']) await writePhoto(join(folder, name));
    const args = ['--out', 'o', '--format', 'jpeg', '--name', '{model}/{name}', '--model', 'fast'];
    const result = await runCli(['denoise', 'a.png', 'a.webp', 'b.png', ...args], options);
    expect(result.code).toBe(0);
    expect(result.stdout).toContain('a.webp -> o/fast/a-2.jpg');
    expect(result.stdout).toContain('1 got a number behind the name');
    expect(readFileSync(join(folder, 'o/fast/a-2.jpg')).subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]));
  });

  it('leaves, replaces or numbers what is there, as --existing says', async () => {
    const folder = tempFolder();
    const options = { state: join(folder, 'state'), cwd: folder };
    await writePhoto(join(folder, 'a.png'));
    const args = ['denoise', 'a.png', '--out', 'o', '--model', 'fast'];
    const run = async (...more: string[]): Promise<string> => (await runCli([...args, ...more], options)).stdout;
    const result = (name = 'a.png'): string => readFileSync(join(folder, 'o', name)).toString('base64');
    expect(await run()).toContain('1 photo denoised');
    expect(await run()).toContain('1 done before and left as they are (--existing overwrite does them again).');
    expect(await run('--existing', 'rename')).toContain('o/a-2.png');
    expect(result('a-2.png')).toBe(result());
    // Other settings: what is there is our own and out of date.
    const first = result();
    expect(await run('--strength', '0.5')).toContain('1 photo denoised');
    expect(result()).not.toBe(first);
    // A file of somebody else is not ours to replace, unless we are told so.
    writeFileSync(join(folder, 'o/a.png'), 'precious');
    expect(await run()).toContain('1 skipped: a file of that name is there');
    expect(readFileSync(join(folder, 'o/a.png'), 'utf8')).toBe('precious');
    expect(await run('--existing', 'overwrite')).toContain('1 photo denoised');
    expect(result()).toBe(first);
  });

  it('says so when there is nothing to do', async () => {
    const folder = tempFolder();
    const result = await runCli(['denoise', '.', '--out', 'o'], { state: join(folder, 'state'), cwd: folder });
    expect(result.code).toBe(1);
    expect(result.stderr).toContain('no photos found');
  });
});

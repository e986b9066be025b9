import { describe, expect, it } from 'vitest';
import {
  cudaFacts,
  cudaLacks,
  cudaObstacle,
  fetchCudaProvider,
  type CudaFacts,
} from '../../../../main/app/accelerators/cuda.js';
import { installCuda } from '../../../../main/cli/install-cuda.js';
import { tempFolder } from '../../../support/temp-folder.js';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const READY: CudaFacts = { system: 'linux x64', hasDriver: true, script: '/install.js', missing: [] };

/** What is printed, and the exit code. */
async function install(facts: CudaFacts, fetch: (script: string) => Promise<void> = () => Promise.resolve()) {
  const lines: string[] = [];
  const print = (line: string): void => void lines.push(line);
  const code = await installCuda({ out: print, err: print, interactive: false }, facts, fetch);
  return { code, text: lines.join('\n') };
}

describe('installing CUDA', () => {
  it.each<[Partial<CudaFacts>, RegExp]>([
    [{ system: 'win32 x64' }, /this is win32 x64/],
    [{ system: 'linux arm64' }, /this is linux arm64/],
    [{ hasDriver: false }, /no NVIDIA driver/],
    [{ script: null }, /packaged/],
  ])('says in a line what keeps it from being done: %j', async (change, words) => {
    const fetched: string[] = [];
    const result = await install({ ...READY, ...change }, (script) => Promise.resolve(void fetched.push(script)));
    expect(result.code).toBe(1);
    expect(result.text).toMatch(words);
    expect(result.text).not.toContain('\n');
    expect(fetched).toEqual([]);
  });

  it('fetches the library, then says how to go on', async () => {
    expect(cudaObstacle(READY)).toBeNull();
    expect(cudaLacks([])).toBeNull();
    const result = await install(READY);
    expect(result.code).toBe(0);
    expect(result.text).toMatch(/installed\.\n.*stillgrain doctor/);
  });

  it('names what the system still lacks', async () => {
    const result = await install({ ...READY, missing: ['libcudart.so.12', 'libcublas.so.12', 'libcudnn.so.9'] });
    expect(result.code).toBe(1);
    expect(result.text).toContain('lacks CUDA 12 and cuDNN 9 (libcudart.so.12, libcublas.so.12, libcudnn.so.9)');
  });

  it("says in a line why the script of ONNX Runtime's package failed", async () => {
    const script = join(tempFolder(), 'install.cjs');
    writeFileSync(script, "setTimeout(() => { throw new Error('getaddrinfo ENOTFOUND api.nuget.org'); }, 1);");
    const result = await install({ ...READY, script }, fetchCudaProvider);
    expect(result.code).toBe(1);
    expect(result.text).toMatch(/could not be fetched from nuget\.org: Error: getaddrinfo ENOTFOUND/);
  });

  it('asks the script for CUDA 12, whatever the settings of npm say', async () => {
    const script = join(tempFolder(), 'install.cjs');
    writeFileSync(script, "process.exit(process.env.ONNXRUNTIME_NODE_INSTALL === 'cuda12' ? 0 : 1);");
    expect(await install({ ...READY, script }, fetchCudaProvider)).toMatchObject({ code: 0 });
  });

  it('finds out about this machine', async () => {
    const { system, script } = await cudaFacts();
    expect(system).toBe(`${process.platform} ${process.arch}`);
    expect(script).toMatch(/onnxruntime-node/);
  });
});

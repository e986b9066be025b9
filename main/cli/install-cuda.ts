import { cudaFacts, cudaLacks, cudaObstacle, fetchCudaProvider, type CudaFacts } from '../app/accelerators/cuda.js';
import type { Terminal } from './terminal.js';
import { printable } from './text.js';

/** `stillgrain doctor --install-cuda`. The option is the person's consent; nothing is asked. Returns the exit code. */
export async function installCuda(
  terminal: Terminal,
  known?: CudaFacts,
  fetch: (script: string) => Promise<void> = fetchCudaProvider,
): Promise<number> {
  const facts = known ?? (await cudaFacts());
  const obstacle = cudaObstacle(facts);
  if (obstacle !== null || facts.script === null) {
    terminal.err(`stillgrain: ${obstacle ?? ''}`);
    return 1;
  }
  terminal.err("Fetching ONNX Runtime's library for CUDA 12 from nuget.org, some hundred MB.");
  try {
    await fetch(facts.script);
  } catch (error) {
    terminal.err(`stillgrain: ${printable((error as Error).message)}`);
    return 1;
  }
  terminal.out('The library for CUDA is installed.');
  const lacks = cudaLacks(facts.missing);
  if (lacks !== null) terminal.out(lacks);
  terminal.out('`stillgrain doctor` tries it and says whether it works.');
  return lacks === null ? 0 : 1;
}

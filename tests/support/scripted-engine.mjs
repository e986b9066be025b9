// An engine process whose faults are scripted by the names it is given: input or output '...crash...' and so on. It
// tests the host's state machine; what a real engine does with photos is tested with the real one.
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers';

const noise = { sigma: 5, perChannel: [5, 5, 5], low: 4, high: 6 };
const report = { width: 10, height: 10, ms: 1, noise, trust: null, notes: [] };
const send = (message) => process.send?.(message);
const progress = (id, fraction) => send({ type: 'progress', id, stage: 'denoise', fraction, pixels: fraction * 100 });
const cancelled = new Set();

/** Faults by a word in the input's name; a fault that is over after some runs counts them in a file beside it. */
const FAULTS = {
  crash: () => process.kill(process.pid, 'SIGSEGV'),
  throw: () => {
    throw new TypeError('a driver went away');
  },
  oom: () => process.kill(process.pid, 'SIGKILL'),
  badalloc: () => {
    process.stderr.write("terminate called after throwing an instance of 'std::bad_alloc'\n", () => process.abort());
  },
  block: () => {
    for (;;);
  },
  garbage: (id) => send({ type: 'progress', id, stage: 'dancing' }),
  malformed: (id) => send({ type: 'result', id, result: { width: 'wide' } }),
  damaged: (id) => send({ type: 'error', id, error: { code: 'input/damaged', message: 'the file is cut short' } }),
  adapter: (id, input) => {
    writeFileSync(`${input}.refused`, '');
    send({ type: 'error', id, error: { code: 'engine/provider', message: 'there is no adapter' } });
  },
  large: (id) => send({ type: 'error', id, error: { code: 'engine/out-of-memory', message: 'too little memory' } }),
};

function denoise(id, { input, output, runtime }) {
  const name = input.split('/').pop();
  const fault = Object.keys(FAULTS).find((word) => name.includes(word));
  const onCpu = name.includes('adapter') && runtime.provider === 'cpu';
  const spared = onCpu || (name.includes('untiled') && runtime.tile !== null);
  const once = name.includes('once') && existsSync(`${input}.tried`);
  if (name.includes('once')) writeFileSync(`${input}.tried`, '');
  if (fault !== undefined && !spared && !once) return setTimeout(FAULTS[fault], 20, id, input);
  const slow = name.includes('slow') ? 400 : 30;
  for (const [index, fraction] of [0.2, 0.6, 0.4, 1.7, 0.9].entries()) {
    setTimeout(() => progress(id, fraction), (slow * (index + 1)) / 6);
  }
  setTimeout(() => {
    if (cancelled.has(id)) return;
    if (existsSync(input)) copyFileSync(input, output);
    send({ type: 'result', id, result: report });
  }, slow);
}

process.on('message', (message) => {
  if (message.type === 'shutdown') process.exit(0);
  else if (message.type === 'cancel') {
    cancelled.add(message.id);
    send({ type: 'error', id: message.id, error: { code: 'engine/cancelled', message: 'cancelled' } });
  } else if (message.call === 'denoise') denoise(message.id, message.params);
  else send({ type: 'result', id: message.id, result: [] });
});
process.on('disconnect', () => process.exit(0));

const start = process.env['FAKE_ENGINE_START'];
if (start === 'broken') throw new Error('libvips is not there');
if (start?.startsWith('flaky:') === true) {
  // Dies at its start until it was started so often.
  const counter = start.slice('flaky:'.length);
  const left = Number(readFileSync(counter, 'utf8'));
  writeFileSync(counter, String(left - 1));
  if (left > 0) process.exit(3);
}
if (start !== 'mute') send({ type: 'ready', pid: process.pid });

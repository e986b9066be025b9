import { linkSync, mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DEFAULT_DENOISE, DEFAULT_ENCODE, DEFAULT_RUNTIME } from '../../../preload/contract.js';
import { planBatch, type BatchPlan, type BatchRequest } from '../../../main/app/batch.js';
import { stampRecord, type NewRecord } from '../../../main/app/journal.js';
import { parseTemplate } from '../../../main/app/naming.js';
import { QueueRecords } from '../../../main/app/queue-records.js';
import { tempFolder } from '../../support/temp-folder.js';

/** The same model for all photos, with these contents. */
const models = (id: string): BatchRequest['models'] => ({
  model: 'quality',
  each: (inputs) =>
    Promise.resolve(inputs.map(() => ({ model: 'quality', id, name: 'quality', note: null, fallback: null }))),
});

class Plans {
  readonly root = tempFolder();
  readonly records = new QueueRecords();

  constructor(...files: string[]) {
    for (const file of files) this.write(file);
  }

  path = (name: string): string => join(this.root, name);

  write(file: string): void {
    mkdirSync(dirname(this.path(file)), { recursive: true });
    writeFileSync(this.path(file), file);
  }

  plan(inputs: readonly string[], changes: Partial<BatchRequest> = {}): Promise<BatchPlan> {
    const request: BatchRequest = {
      inputs: inputs.map(this.path),
      out: { path: this.path('out'), caseSensitive: true },
      recursive: true,
      template: parseTemplate('{name}'),
      policy: 'skip',
      settings: DEFAULT_DENOISE,
      encode: DEFAULT_ENCODE,
      runtime: DEFAULT_RUNTIME,
      models: models('m1'),
      ...changes,
    };
    return planBatch(request, this.records);
  }

  /** Writes down what a run made of a plan. */
  record(plan: BatchPlan, at: number, ...more: NewRecord[]): void {
    const written = { size: 1, mtimeMs: 1, ino: 1 };
    for (const { id, input, output, key, task } of plan.items) {
      this.records.apply(stampRecord({ type: 'item', id, job: task.jobId, input, output, key }, at));
      this.records.apply(stampRecord({ type: 'done', id, key, batch: task.batch, written, report: null }, at));
    }
    for (const record of more) this.records.apply(stampRecord(record, at));
  }

  pairs = (plan: BatchPlan): [string, string][] =>
    plan.items.map(({ input, output, error }) => [
      relative(this.root, input),
      error?.code ?? relative(this.root, output),
    ]);
}

describe('a plan', () => {
  it('keeps the structure of every input folder', async () => {
    const plans = new Plans('in/a.jpg', 'in/x/b.png', 'single.webp', 'in/notes.txt', 'in/raw.nef');
    const plan = await plans.plan(['in', 'single.webp']);
    expect(plans.pairs(plan)).toEqual([
      ['in/a.jpg', 'out/a.jpg'],
      ['in/x/b.png', 'out/x/b.png'],
      ['single.webp', 'out/single.webp'],
    ]);
    expect([...plan.unsupported]).toEqual([['RAW', 1]]);
  });

  it('gives photos of the same name from two folders, or of two formats, names of their own', async () => {
    const plans = new Plans('p/a.jpg', 'q/a.jpg', 'q/a.png');
    const plan = await plans.plan(['p', 'q'], { encode: { ...DEFAULT_ENCODE, format: 'jpeg' } });
    expect(plans.pairs(plan).map(([, output]) => output)).toEqual(['out/a.jpg', 'out/a-2.jpg', 'out/a-3.jpg']);
    expect(plan.renamed).toBe(2);
  });

  it('keeps those names when a photo is added that sorts before them', async () => {
    const plans = new Plans('p/a.jpg', 'q/a.jpg');
    plans.record(await plans.plan(['p', 'q']), 5);
    plans.write('o/a.jpg');
    expect(plans.pairs(await plans.plan(['o', 'p', 'q']))).toEqual([
      ['o/a.jpg', 'out/a-3.jpg'],
      ['p/a.jpg', 'out/a.jpg'],
      ['q/a.jpg', 'out/a-2.jpg'],
    ]);
  });

  it('never lets a result replace an original, by whatever name that is reached', async () => {
    const plans = new Plans('in/a.jpg', 'in/b.jpg', 'in/c.jpg');
    mkdirSync(plans.path('out'));
    linkSync(plans.path('in/a.jpg'), plans.path('out/a.jpg'));
    symlinkSync(plans.path('in/c.jpg'), plans.path('out/b.jpg'));
    expect(plans.pairs(await plans.plan(['in']))).toEqual([
      ['in/a.jpg', 'output/conflict'],
      ['in/b.jpg', 'output/conflict'],
      ['in/c.jpg', 'out/c.jpg'],
    ]);
    const beside = { out: { path: plans.path('in'), caseSensitive: true } };
    const errors = (await plans.plan(['in'], beside)).items.map((item) => item.error?.code);
    expect(errors).toEqual(['output/conflict', 'output/conflict', 'output/conflict']);
    expect(
      (await plans.plan(['in'], { ...beside, template: parseTemplate('{name}-clean') })).items[0]?.error,
    ).toBeNull();
    expect(plans.pairs(await plans.plan(['in'], { ...beside, policy: 'rename' }))[0]).toEqual([
      'in/a.jpg',
      'in/a-2.jpg',
    ]);
  });

  it('does not take its own earlier results for photos, unless they are named', async () => {
    const plans = new Plans('in/a.jpg');
    const beside = { out: { path: plans.path('in'), caseSensitive: true }, template: parseTemplate('{name}-clean') };
    plans.record(await plans.plan(['in'], beside), 5);
    plans.write('in/a-clean.jpg');
    expect(plans.pairs(await plans.plan(['in'], beside))).toHaveLength(1);
    expect(plans.pairs(await plans.plan(['in/a-clean.jpg'], beside))).toHaveLength(1);
  });

  it('gives a renaming run that was broken off its names again, a finished one new names', async () => {
    const plans = new Plans('in/a.jpg', 'out/a.jpg');
    const rename = { policy: 'rename' } as const;
    const first = await plans.plan(['in'], rename);
    expect(plans.pairs(first)).toEqual([['in/a.jpg', 'out/a-2.jpg']]);
    plans.record(first, 5);
    plans.write('out/a-2.jpg');
    expect(plans.pairs(await plans.plan(['in'], rename))).toEqual([['in/a.jpg', 'out/a-2.jpg']]);
    plans.record(first, 6, { type: 'end', batch: first.items[0]!.task.batch });
    expect(plans.pairs(await plans.plan(['in'], rename))).toEqual([['in/a.jpg', 'out/a-3.jpg']]);
  });

  it('keys a result by photo, settings and model, and by nothing else', async () => {
    const plans = new Plans('in/a.jpg');
    const key = async (changes: Partial<BatchRequest> = {}): Promise<string | undefined> =>
      (await plans.plan(['in'], changes)).items[0]?.key;
    const base = await key();
    expect(await key({ runtime: { provider: 'cpu', threads: 3, tile: 128, precision: 'float' } })).toBe(base);
    const inEightBits = await key({ runtime: { ...DEFAULT_RUNTIME, precision: 'int8' } });
    expect(inEightBits).not.toBe(base);
    expect(await key({ policy: 'overwrite' })).toBe(base);
    expect(await key({ recursive: false, ...{ json: true, quiet: true } })).toBe(base);
    expect(await key({ settings: { ...DEFAULT_DENOISE, strength: 0.5 } })).not.toBe(base);
    expect(await key({ encode: { ...DEFAULT_ENCODE, quality: 80 } })).not.toBe(base);
    expect(await key({ models: models('m2') })).not.toBe(base);
    utimesSync(plans.path('in/a.jpg'), 1, 1);
    expect(await key()).not.toBe(base);
  });

  it('lists what cannot be read beside what can', async () => {
    const plans = new Plans('in/a.jpg');
    const plan = await plans.plan(['missing', 'in']);
    expect(plan.problems).toMatchObject([{ path: plans.path('missing'), error: { code: 'input/not-found' } }]);
    expect(plan.items).toHaveLength(1);
  });
});

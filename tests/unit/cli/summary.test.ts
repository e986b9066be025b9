import { describe, expect, it } from 'vitest';
import { DEFAULT_DENOISE, DEFAULT_ENCODE, DEFAULT_RUNTIME } from '../../../preload/contract.js';
import type { QueueItem } from '../../../main/app/queue-item.js';
import { itemLine, problemLine, summaryLine } from '../../../main/cli/json-lines.js';
import { summaryLines, totalsOf } from '../../../main/cli/summary.js';

const report = (verdict: 'good' | 'poor', notes: string[] = []): QueueItem['report'] => ({
  width: 2000,
  height: 1000,
  ms: 1234.5,
  noise: { sigma: 7.5, perChannel: [7, 7.5, 8], low: 5, high: 9 },
  trust: { score: verdict === 'good' ? 0.9 : 0.2, verdict },
  notes,
});

function item(changes: Partial<QueueItem>): QueueItem {
  const task = {
    settings: DEFAULT_DENOISE,
    encode: DEFAULT_ENCODE,
    runtime: DEFAULT_RUNTIME,
    policy: 'skip',
    modelName: 'quality',
    jobId: 'j',
    batch: 'b',
  };
  const plan = { id: 'i', input: '/in/a.jpg', output: '/out/a.jpg', key: 'k', size: 1, task, error: null };
  return { ...plan, state: 'done', fraction: 1, pixels: 0, skipped: null, report: null, ...changes } as QueueItem;
}

const plan = { unsupported: new Map<'RAW' | 'HEIC' | 'other image', number>(), renamed: 0, auto: false };
const lines = (items: readonly QueueItem[], changes: Partial<typeof plan> = {}): string[] =>
  summaryLines(totalsOf(items, { problems: [] }, 4000), items, { ...plan, ...changes });

describe('the summary for people', () => {
  it('says what was done and how fast', () => {
    expect(lines([item({ report: report('good') }), item({ report: report('good') })])).toEqual([
      '2 photos denoised in 4.0 s (4.0 MP, 1.00 MP/s).',
    ]);
  });

  it('says what was left out, why, and what to do about it', () => {
    const skipped = (['already-done', 'done-elsewhere', 'exists'] as const).map((reason) =>
      item({ state: 'skipped', skipped: reason }),
    );
    const text = lines([...skipped, item({ state: 'failed', error: { code: 'input/empty', message: 'm' } })], {
      unsupported: new Map([
        ['RAW', 3],
        ['HEIC', 1],
      ]),
      renamed: 2,
    });
    expect(text).toEqual([
      '1 done before and left as they are (--existing overwrite does them again).',
      '1 done meanwhile by another Stillgrain.',
      '1 skipped: a file of that name is there (--existing overwrite or rename says what to do).',
      '1 could not be done: see above.',
      '3 RAW files were not read (not supported yet).',
      '1 HEIC file was not read (not supported yet).',
      '2 got a number behind the name, because the name was taken by another photo.',
    ]);
  });

  it('points out photos that the model does not fit, not too many of them', () => {
    expect(lines([item({ report: report('poor') })]).at(-1)).toBe(
      '1 photo does not fit the model (detail may be lost): /in/a.jpg',
    );
    const many = Array.from({ length: 7 }, (_, index) => item({ input: `/in/${index}.jpg`, report: report('poor') }));
    expect(lines(many).at(-1)).toMatch(/^7 photos do not fit the model .*\/in\/4\.jpg, and 2 more$/);
  });

  it('names the photos that the shipped model did instead, by the model that was asked for', () => {
    const fit = { used: 'fallback', fallback: 'fast', trust: { model: 0.3, fallback: 0.6 } } as const;
    const { task } = item({});
    const replaced = (name: string, modelName: string): QueueItem =>
      item({ input: `/in/${name}`, task: { ...task, modelName }, report: { ...report('good')!, fit } });
    const kept = item({ report: { ...report('good')!, fit: { ...fit, used: 'model' } } });
    const text = lines([replaced('a.jpg', 'night'), replaced('b.jpg', 'night'), replaced('c.jpg', 'dusk'), kept]);
    const why = 'which would take detail away there (--fallback none keeps to it)';
    expect(text.slice(1)).toEqual([
      `2 photos done by 'fast' instead of 'night', ${why}: /in/a.jpg, /in/b.jpg`,
      `1 photo done by 'fast' instead of 'dusk', ${why}: /in/c.jpg`,
    ]);
    expect(JSON.parse(itemLine(replaced('a.jpg', 'night')))).toMatchObject({
      model: 'fast',
      replaced: 'night',
      fit: { model: 0.3, fallback: 0.6 },
    });
    expect(JSON.parse(itemLine(kept))).toMatchObject({ model: 'quality', replaced: null, fit: fit.trust });
  });

  it('gives each remark once', () => {
    const notes = ['AVIF holds 12 bits at most'];
    expect(lines([item({ report: report('good', notes) }), item({ report: report('good', notes) })])).toContain(
      'Note (2 photos): AVIF holds 12 bits at most.',
    );
  });

  it('says how to go on after a stop', () => {
    expect(lines([item({ report: report('good') }), item({ state: 'waiting' })]).at(-1)).toBe(
      '1 photo not done yet: run the same command again to go on.',
    );
  });
});

describe('JSON lines', () => {
  it('have the same keys for every photo', () => {
    expect(JSON.parse(itemLine(item({ report: report('good') })))).toEqual({
      input: '/in/a.jpg',
      output: '/out/a.jpg',
      model: 'quality',
      status: 'done',
      width: 2000,
      height: 1000,
      ms: 1235,
      sigma: 7.5,
      trust: 0.9,
      verdict: 'good',
      replaced: null,
      fit: null,
    });
    const unmeasured = { width: null, height: null, ms: null, sigma: null, trust: null, verdict: null };
    const nothing = { ...unmeasured, replaced: null, fit: null };
    const error = { code: 'input/empty' as const, message: 'the file\nis empty' };
    expect(JSON.parse(itemLine(item({ state: 'failed', error })))).toEqual({
      input: '/in/a.jpg',
      output: '/out/a.jpg',
      model: 'quality',
      status: 'failed',
      error,
      ...nothing,
    });
    expect(JSON.parse(itemLine(item({ state: 'skipped', skipped: 'exists' })))).toMatchObject({
      status: 'skipped',
      reason: 'exists',
    });
    expect(JSON.parse(itemLine(item({ state: 'waiting' })))).toMatchObject({ status: 'cancelled' });
    expect(JSON.parse(problemLine('/in', error))).toEqual({
      input: '/in',
      output: null,
      model: null,
      status: 'failed',
      error,
      ...nothing,
    });
    expect(itemLine(item({ input: 'a\nb' }))).not.toContain('\n');
  });

  it('end with a summary', () => {
    const items = [item({ report: report('good') }), item({ state: 'waiting' }), item({ state: 'failed' })];
    const totals = totalsOf(
      items,
      { problems: [{ path: '/x', error: { code: 'input/not-found', message: 'm' } }] },
      10.4,
    );
    expect(JSON.parse(summaryLine(totals, { unsupported: new Map([['RAW', 3]]) }))).toEqual({
      summary: { done: 1, skipped: 0, failed: 2, cancelled: 1, pixels: 2_000_000, ms: 10, unsupported: { RAW: 3 } },
    });
  });
});

import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  JournalReader,
  JournalWriter,
  parseJournal,
  stampRecord,
  type JournalRecord,
} from '../../../main/app/journal.js';
import { QueueRecords } from '../../../main/app/queue-records.js';
import { tempFolder } from '../../support/temp-folder.js';

const item = (id: string, at: number, key = 'k'): JournalRecord =>
  stampRecord({ type: 'item', id, job: 'j', input: `/in/${id}`, output: `/out/${id}`, key }, at);
const stamp = fc.record({ size: fc.nat(), mtimeMs: fc.nat(), ino: fc.nat() });
const id = fc.constantFrom('a', 'b', '한\n');
const key = fc.constantFrom('k', 'l');
const batch = fc.constantFrom('p', 'q');
const error = fc.constant({ code: 'input/damaged', message: 'torn\n"here"' });

/** Any record that a queue may write, at any time. */
const anyRecord: fc.Arbitrary<JournalRecord> = fc
  .tuple(
    fc.oneof(
      fc.record({
        type: fc.constant('item' as const),
        id,
        job: fc.constant('j'),
        input: fc.string(),
        output: fc.string(),
        key,
      }),
      fc.record({ type: fc.constant('running' as const), id, key, batch, before: fc.option(stamp) }),
      fc.record({ type: fc.constant('done' as const), id, key, batch, written: stamp, report: fc.constant(null) }),
      fc.record({ type: fc.constant('failed' as const), id, error }),
      fc.record({ type: fc.constant('cancelled' as const), id }),
      fc.record({ type: fc.constant('end' as const), batch }),
    ),
    fc.nat(12),
  )
  .map(([record, at]) => stampRecord(record, at));

function replay(records: readonly JournalRecord[]): QueueRecords {
  const state = new QueueRecords();
  for (const record of records) state.apply(record);
  return state;
}
const view = ({ items, jobs, ends }: QueueRecords): unknown => ({
  items: [...items],
  jobs: [...jobs],
  ends: [...ends].sort(),
});

describe('a journal', () => {
  it('gives back what was written', async () => {
    const path = join(tempFolder(), 'j.jsonl');
    const writer = await JournalWriter.create(path, [item('a', 1)]);
    const reader = new JournalReader(path);
    expect(await reader.poll()).toEqual([item('a', 1)]);
    await Promise.all([writer.append([item('b', 2)]), writer.append([item('c', 3), item('d', 4)])]);
    expect(await reader.poll()).toEqual([item('b', 2), item('c', 3), item('d', 4)]);
    expect(await reader.poll()).toEqual([]);
    await writer.close();
  });

  it('is read up to a line that is not whole yet, and on from there', async () => {
    const path = join(tempFolder(), 'j.jsonl');
    await (await JournalWriter.create(path, [item('a', 1)])).close();
    const line = `${JSON.stringify(item('한국', 2))}\n`;
    const bytes = Buffer.from(line);
    const cut = bytes.indexOf(Buffer.from('국')) + 1;
    const reader = new JournalReader(path);
    appendFileSync(path, bytes.subarray(0, cut));
    expect(await reader.poll()).toHaveLength(1);
    appendFileSync(path, bytes.subarray(cut));
    expect(await reader.poll()).toEqual([item('한국', 2)]);
  });

  it('loses no whole line to a cut at any byte, nor to damage in another line', () => {
    fc.assert(
      fc.property(fc.array(anyRecord, { maxLength: 6 }), fc.nat(4000), (records, at) => {
        const lines = records.map((record) => `${JSON.stringify(record)}\n`);
        const bytes = Buffer.from(lines.join(''));
        const cut = Math.min(at, bytes.length);
        let end = 0;
        const whole = lines.filter((line) => (end += Buffer.byteLength(line)) <= cut).length;
        expect(parseJournal(bytes.subarray(0, cut)).records).toEqual(records.slice(0, whole));
        const damaged = Buffer.concat([Buffer.from('{"v":1,"type":"ite\n\n\u0000\u0000\n'), bytes]);
        expect(parseJournal(damaged).records).toEqual(records);
      }),
    );
  });

  it('counts lines of a newer program, which are not to be thrown away', () => {
    const text = Buffer.from('{"v":2,"type":"anything"}\n{"v":1,"type":"unheard-of","at":1}\nnonsense\n');
    expect(parseJournal(text)).toMatchObject({ records: [], foreign: 1 });
  });

  it('appears only when its first records are whole', async () => {
    const path = join(tempFolder(), 'j.jsonl');
    await (await JournalWriter.create(path, [item('a', 1), item('b', 1)])).close();
    expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(3);
  });
});

describe('queue records', () => {
  it('say the same after compaction, whatever has happened', () => {
    fc.assert(
      fc.property(fc.array(anyRecord, { maxLength: 25 }), (records) => {
        const sorted = records.toSorted((a, b) => a.at - b.at);
        const state = replay(sorted);
        expect(view(replay(state.snapshot().toSorted((a, b) => a.at - b.at)))).toEqual(view(state));
      }),
    );
  });

  it('do not let late news undo newer', () => {
    const written = { size: 1, mtimeMs: 1, ino: 1 };
    const done = stampRecord({ type: 'done', id: 'a', key: 'k', batch: 'p', written, report: null }, 9);
    const failed = stampRecord({ type: 'failed', id: 'a', error: { code: 'input/damaged', message: 'm' } }, 5);
    const [state] = [...replay([item('a', 1), done, failed]).items.values()];
    expect(state).toMatchObject({ setback: null, result: { at: 9 } });
  });

  it('remember an older result of a photo that has changed', () => {
    const written = { size: 1, mtimeMs: 1, ino: 1 };
    const done = stampRecord({ type: 'done', id: 'a', key: 'k', batch: 'p', written, report: null }, 2);
    const [state] = [...replay([item('a', 1), done, item('a', 3, 'new key')]).items.values()];
    expect(state).toMatchObject({ key: 'new key', result: { key: 'k' } });
  });
});

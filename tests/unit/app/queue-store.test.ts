import { spawnSync } from 'node:child_process';
import { readdirSync, renameSync, writeFileSync, appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ownerToken, newOwner } from '../../../main/app/owner.js';
import { QueueStore } from '../../../main/app/queue-store.js';
import { tempFolder } from '../../support/temp-folder.js';

const item = (id: string) => ({
  type: 'item' as const,
  id,
  job: 'j',
  input: `/in/${id}`,
  output: `/out/${id}`,
  key: 'k',
});
const journals = (folder: string): string[] => readdirSync(folder).filter((name) => name.endsWith('.jsonl'));

async function open(folder: string): Promise<QueueStore> {
  const store = await QueueStore.open(folder);
  onTestFinished(() => store.close());
  return store;
}

/** Makes a journal look as if its process had been killed. */
function orphan(folder: string): void {
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  for (const name of journals(folder))
    renameSync(join(folder, name), join(folder, `${ownerToken({ ...newOwner(), pid })}.jsonl`));
}

describe('a queue store', () => {
  it('takes over what killed processes left, in one journal', async () => {
    const folder = tempFolder();
    const first = await open(folder);
    await first.write([item('a'), item('b')]);
    orphan(folder);
    appendFileSync(join(folder, journals(folder)[0]!), '{"v":1,"type":"done","id":"a","wri');
    const second = await open(folder);
    expect([...second.records.items.keys()]).toEqual(['a', 'b']);
    expect(journals(folder)).toHaveLength(1);
    await second.write([item('c')]);
    orphan(folder);
    expect([...(await open(folder)).records.items.keys()]).toEqual(['a', 'b', 'c']);
  });

  it('follows what a running process writes, and leaves its journal alone', async () => {
    const folder = tempFolder();
    const [one, two] = [await open(folder), await open(folder)];
    await one.write([item('a')]);
    expect(two.records.items.size).toBe(0);
    await two.refresh();
    await two.refresh();
    expect([...two.records.items.keys()]).toEqual(['a']);
    expect(journals(folder)).toHaveLength(2);
  });

  it('finds what was taken over while it looked away', async () => {
    const folder = tempFolder();
    const first = await open(folder);
    await first.write([item('a')]);
    const observer = await open(folder);
    await first.write([item('b')]);
    const name = journals(folder).find((journal) => !journal.startsWith(ownerOf(observer)))!;
    expect(name).toBeDefined();
    renameSync(join(folder, name), join(folder, `${ownerToken({ ...newOwner(), pid: spawnSync('true').pid })}.jsonl`));
    await open(folder);
    await observer.refresh();
    expect([...observer.records.items.keys()]).toEqual(['a', 'b']);
  });

  it('keeps a journal that a newer program wrote', async () => {
    const folder = tempFolder();
    const dead = `${ownerToken({ ...newOwner(), pid: spawnSync('true').pid })}.jsonl`;
    writeFileSync(join(folder, dead), '{"v":2,"type":"item"}\n');
    writeFileSync(join(folder, `${dead}.new`), 'half a journal');
    await open(folder);
    expect(readdirSync(folder)).toContain(dead);
    expect(readdirSync(folder)).not.toContain(`${dead}.new`);
  });

  it('writes no record with an earlier time than the last, even if the clock was set back', async () => {
    const folder = tempFolder();
    const store = await open(folder);
    const future = Date.now() + 3_600_000;
    store.records.apply({ v: 1, at: future, ...item('a') });
    await store.write([{ type: 'cancelled', id: 'a' }]);
    expect(store.records.items.get('a')?.setback?.at).toBe(future);
  });
});

/** Nothing outside a store needs to know its owner; here it tells two journals apart. */
const ownerOf = (store: QueueStore): string =>
  ownerToken((store as unknown as { owner: Parameters<typeof ownerToken>[0] }).owner);

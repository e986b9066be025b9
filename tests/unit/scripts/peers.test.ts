import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { format } from 'oxfmt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { darktableGrid, darktableSidecar } from '../../../scripts/bench/peers-darktable.js';
import { settingsFor, type PeerFigure } from '../../../scripts/bench/peers-measure.js';
import { divide, middle } from '../../../scripts/bench/peers-photos.js';
import { combinations, findVersion, PEERS } from '../../../scripts/bench/peers-programs.js';
import {
  byLevel,
  markdown,
  printPeers,
  verdict,
  withGenerated,
  writeReport,
} from '../../../scripts/bench/peers-report.js';
import { plotPeers } from '../../../scripts/bench/peers-plot.js';
import { childSeconds, runCommand } from '../../../scripts/bench/peers-run.js';

let work: string;
beforeAll(async () => {
  work = await mkdtemp(path.join(os.tmpdir(), 'stillgrain-test-'));
});
afterAll(() => rm(work, { recursive: true }));

describe('what a run costs', () => {
  it('is the time of the children, not of the shell', () => {
    expect(childSeconds('0m9.000s 0m9.000s\n1m2.500s 0m0.250s\n')).toBe(62.75);
    expect(() => childSeconds('')).toThrow('no times');
  });

  it('counts processor time, and nothing of waiting', async () => {
    const busy = 'const end = process.cpuUsage().user + 1e5; while (process.cpuUsage().user < end);';
    const { cpuSeconds } = await runCommand({ program: process.execPath, args: ['-e', busy] });
    expect(cpuSeconds).toBeGreaterThan(0.1);
    expect((await runCommand({ program: 'sleep', args: ['0.3'] })).cpuSeconds).toBeLessThan(0.1);
  });

  it('says why a program failed, and ends one that takes too long', async () => {
    await expect(runCommand({ program: 'sh', args: ['-c', 'echo no such photo >&2; exit 3'] })).rejects.toThrow(
      'no such photo',
    );
    await expect(runCommand({ program: 'sleep', args: ['30'] }, { timeoutMs: 100 })).rejects.toThrow(
      'longer than 0.1 s',
    );
  });

  it('writes the file of settings first', async () => {
    const file = { path: path.join(work, 'settings'), text: 'strength=1\n' };
    expect((await runCommand({ program: 'cat', args: [file.path], file })).text).toBe(file.text);
  });
});

describe('programs', () => {
  const job = { input: '/noisy/a.png', output: '/work/out/a.png', work: '/work' };
  const commandOf = (name: string) => {
    const peer = PEERS.find((candidate) => candidate.name === name)!;
    return peer.command(peer.grid(25)[0]!, job);
  };

  it('are given every combination of their settings', () => {
    expect(combinations({ h: [10, 15], template: [3] })).toEqual([
      { h: 10, template: 3 },
      { h: 15, template: 3 },
    ]);
  });

  it('are told what to do in their own words', () => {
    expect(commandOf('ffmpeg nlmeans').args.join(' ')).toContain('format=gbrp,nlmeans=s=8:p=3:r=15,format=rgb24');
    expect(commandOf("G'MIC denoise").args).toContain('10,15,3,9');
    expect(commandOf('GraphicsMagick').args).toEqual(['convert', job.input, '-median', '1', job.output]);
    expect(commandOf('RawTherapee').file!.text).toMatch(
      /^\[Directional Pyramid Denoising\]\nEnabled=true\nMethod=Lab$/m,
    );
    expect(commandOf('Stillgrain fast, told').args.slice(-2)).toEqual(['--sigma', '25']);
    expect(commandOf('Stillgrain fast').args).not.toContain('--sigma');
  });

  it('each have a grid of settings that differ, for every level and for real noise', () => {
    for (const peer of PEERS) {
      for (const sigma of [15, 25, 50, null]) {
        const settings = settingsFor(peer, sigma).map((setting) => JSON.stringify(setting));
        expect(new Set(settings).size, peer.name).toBe(settings.length);
        expect(settings.length, peer.name).toBeGreaterThan(peer.from === null ? 0 : 2);
      }
    }
  });

  it('are asked for their version, and missed without a word', () => {
    const node = { ...PEERS[0]!, ask: { program: process.execPath, args: ['--version'] }, version: /^v(\d+)/ };
    expect(findVersion(node)).toBe(process.versions.node.split('.')[0]);
    expect(findVersion({ ...node, ask: { program: 'no-such-program', args: [] } })).toBeNull();
  });

  it('darktable gets its structures as bytes: 4 and 103 words', () => {
    for (const setting of darktableGrid(25)) {
      const [, module, hex] = /operation="(\w+)".*params="([0-9a-f]+)"/.exec(darktableSidecar(setting))!;
      expect(hex!.length / 8).toBe(module === 'nlmeans' ? 4 : 103);
    }
    const patches = darktableSidecar({ module: 'nlmeans', radius: 2, strength: 400 });
    expect(patches).toContain('params="000000400000c8430000803f0000803f"');
  });
});

describe('photos', () => {
  it('are tuned on and judged from all over a list, and never both', () => {
    const all = Array.from({ length: 23 }, (_, i) => i);
    const { judged, tuning } = divide(all, 6, 2);
    expect([judged, tuning]).toEqual([
      [0, 2, 8, 11, 14, 20],
      [5, 17],
    ]);
    expect(() => divide(all, 22, 2)).toThrow('23 photos');
  });

  it('are cut to their middle', () => {
    const image = { width: 4, height: 3, channels: 1, data: Uint8Array.from({ length: 12 }, (_, i) => i) };
    expect(middle(image, 2)).toEqual({ width: 2, height: 2, channels: 1, data: Uint8Array.of(1, 2, 5, 6) });
    expect(middle(image, 100)).toEqual(image);
  });
});

describe('the report', () => {
  const figure = (peer: string, psnrOut: number, rate: number, sigma: number | null = 25): PeerFigure => ({
    ...{ peer, psnrOut, rate, sigma },
    ...{ set: 'cbsd', setting: { h: 20 }, psnrIn: 20.4, startSeconds: 0.1 },
  });
  const figures = [
    figure('Other & Co', 27.3, 5),
    figure('Stillgrain quality', 29.2, 0.2),
    figure('Stillgrain fast', 28.7, 0.8),
    figure('Other & Co', 30, 5, null),
  ];
  const report = {
    ...{ machine: 'A processor, 2 cores', versions: { 'Other & Co': '1.2' }, figures, notes: ['x is not here'] },
    choice: { judged: 6, tuning: 2, crop: 256 },
  };

  it('has the best first, and says by how much and who is faster', () => {
    const [group] = byLevel(figures);
    expect(group!.map(({ peer }) => peer)).toEqual(['Stillgrain quality', 'Stillgrain fast', 'Other & Co']);
    expect(verdict(group!)).toBe(
      'cbsd, sigma 25: first is Stillgrain quality with 29.20 dB, 1.90 dB before Other & Co; ' +
        'faster than ours per core: Other & Co (5.0).',
    );
  });

  it('is a table for the terminal and a part of a page', () => {
    expect(printPeers(report)).toMatch(/sigma 25 +Stillgrain quality +20\.40 +29\.20 +0\.20/);
    const page = 'Before.\n\n<!-- peers: begin -->\nold\n<!-- peers: end -->\n\nAfter.\n';
    const renewed = withGenerated(page, markdown(report));
    expect(renewed).toContain('| **Stillgrain fast** | 28.70 | 0.80 | h 20 |');
    expect(renewed).not.toContain('old');
    expect(renewed.endsWith('<!-- peers: end -->\n\nAfter.\n')).toBe(true);
    expect(withGenerated(renewed, markdown(report))).toBe(renewed);
    expect(() => withGenerated('no markers', 'x')).toThrow('no part between');
  });

  it('is put into the page and beside it', async () => {
    const page = path.join(work, 'benchmarks.md');
    await writeFile(page, '<!-- peers: begin -->\n<!-- peers: end -->\n');
    await writeReport(page, report);
    const written = await readFile(page, 'utf8');
    expect(written).toContain('A processor, 2 cores. 6 photos');
    expect(await format(page, written)).toMatchObject({ code: written, errors: [] });
    expect(await readFile(path.join(work, 'images/peers.svg'), 'utf8')).toBe(plotPeers(byLevel(figures)));
  });

  it('is drawn: a panel a level, a mark a figure, a legend, on paper of its own', () => {
    const svg = plotPeers(byLevel(figures));
    expect(svg).toContain('cbsd, sigma 25</text>');
    expect(svg).toContain('cbsd, real noise</text>');
    expect(svg).toContain('Other &amp; Co</text>');
    // A mark for each figure, and one for each of the three programs in the legend.
    expect(svg.match(/<path transform="translate/g)).toHaveLength(figures.length + 3);
    expect(svg).toMatch(/<rect width="800" height="\d+" rx="6" fill="#ffffff"\/>/);
    expect(svg).not.toContain('NaN');
  });
});

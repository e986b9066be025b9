import { describe, expect, it } from 'vitest';
import { hearNews, NO_PROGRESS, Progress } from '../../../../main/app/training/progress.js';
import type { LearningNews } from '../../../../preload/learn/learn-call.js';
import { evaluated, measured, started, stepped } from '../../../support/learning-news.js';

const after = (news: readonly LearningNews[], from = NO_PROGRESS): Progress => news.reduce(hearNews, from);

const ROUND_1 = [measured(1), started(1, 0), evaluated(1, 0, 32), stepped(1, 8, 0.5), stepped(1, 10, 1)];
const ROUND_2 = [evaluated(1, 10, 33), measured(2), started(2, 0), evaluated(2, 0, 40), stepped(2, 5, 0.5)];

describe('the progress of a run', () => {
  it('counts steps on over the rounds, and says where one ended', () => {
    const progress = after([...ROUND_1, ...ROUND_2]);
    expect(progress).toMatchObject({ phase: 'training', round: 2, rounds: 2, step: 15, fraction: 0.75 });
    expect(progress.curves.rounds).toEqual([10]);
    expect(progress.curves.loss.map(({ step }) => step)).toEqual([8, 10, 15]);
    expect(progress.curves.heldOut).toEqual([
      { step: 0, psnr: 32 },
      { step: 10, psnr: 33 },
      { step: 10, psnr: 40 },
    ]);
    expect(Progress.parse(progress)).toEqual(progress);
  });

  it('names files without their folders', () => {
    expect(after([measured(1)]).leftOut).toEqual([{ name: 'bad.jpg', message: 'bad.jpg is too small' }]);
  });

  it('says what is done between the rounds and at the end', () => {
    expect(after([{ type: 'reading', fraction: 0.5 }]).phase).toBe('reading');
    expect(after([{ type: 'reading', fraction: 1 }]).phase).toBe('measuring');
    expect(after(ROUND_1).phase).toBe('measuring');
    expect(after([...ROUND_1, ...ROUND_2, stepped(2, 9, 1)])).toMatchObject({ phase: 'judging', fraction: 1 });
  });

  it('draws again what a run does again that goes on from a checkpoint', () => {
    const stopped = after([...ROUND_1, ...ROUND_2, stepped(2, 7, 0.7)]);
    // The engine passes through the first round, and does the second from its checkpoint on.
    const resumed = after([measured(1), started(1, 10), measured(2), started(2, 5), stepped(2, 6, 0.6)], stopped);
    expect(resumed.step).toBe(16);
    expect(resumed.curves.rounds).toEqual([10]);
    expect(resumed.curves.loss.map(({ step }) => step)).toEqual([8, 10, 15, 16]);
    expect(resumed.curves.heldOut).toHaveLength(3);
    // Within the first round as well.
    const early = after([measured(1), started(1, 8), stepped(1, 9, 0.6)], after(ROUND_1));
    expect(early.curves.loss.map(({ step }) => step)).toEqual([8, 9]);
  });

  it('keeps a curve that can be drawn of however many steps', () => {
    const many = Array.from({ length: 5000 }, (_, step) => stepped(1, step + 1, 0.1, step));
    const { loss } = after([measured(1), started(1, 0), ...many]).curves;
    expect(loss.length).toBeLessThanOrEqual(400);
    expect(loss.length).toBeGreaterThan(150);
    expect(loss.map(({ step }) => step)).toEqual(loss.map(({ step }) => step).toSorted((a, b) => a - b));
  });
});

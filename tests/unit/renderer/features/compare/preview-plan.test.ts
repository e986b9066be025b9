import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_DENOISE, MAX_PREVIEW_SIDE_PX, type PhotoId } from '../../../../../preload/contract.js';
import { fitViewport, zoomAbout } from '../../../../../renderer/elements/pan-zoom/viewport.js';
import { compareNeeds, nextRequest, planNeed, setKey } from '../../../../../renderer/features/compare/preview-plan.js';
import { areaOf, covers, subtractAll } from '../../../../../renderer/features/compare/rects.js';

const photo = {
  photo: 'photo0000000' as PhotoId,
  width: 6000,
  height: 4000,
  neutral: false,
  levels: [
    { width: 6000, height: 4000 },
    { width: 3000, height: 2000 },
    { width: 1500, height: 1000 },
    { width: 750, height: 500 },
    { width: 375, height: 250 },
  ],
};
const pane = { width: 1200, height: 800 };
const fitted = fitViewport(photo, pane);
const close = zoomAbout(fitted, photo, pane, { x: 600, y: 400 }, 1);

const plan = (view = close, settings = DEFAULT_DENOISE, mode: Parameters<typeof planNeed>[4] = 'split') =>
  planNeed(photo, view, pane, settings, mode);

describe('planNeed', () => {
  it('asks for what is in view, at the level in view, on a grid', () => {
    const need = plan()!;
    expect(need).toMatchObject({ level: 0, model: 'quality', sigma: null, secondPass: false });
    expect(need.region).toEqual({ left: 2368, top: 1600, width: 1280, height: 832 });
    expect(plan(fitted)).toMatchObject({ level: 2, region: { left: 0, top: 0, width: 1500, height: 1000 } });
  });

  it('asks for nothing where nothing is removed, or the original alone is shown', () => {
    expect(plan(close, { ...DEFAULT_DENOISE, strength: 0 })).toBeNull();
    expect(plan(close, DEFAULT_DENOISE, 'original')).toBeNull();
    expect(plan(close, { ...DEFAULT_DENOISE, strength: 0 }, 'noise')).not.toBeNull();
  });

  it('asks for a second pass for levels above 1', () => {
    expect(plan(close, { ...DEFAULT_DENOISE, strength: 1.2 })?.secondPass).toBe(true);
    expect(plan(close, { ...DEFAULT_DENOISE, luma: 1.2, strength: 0.5 })?.secondPass).toBe(false);
  });

  it('never asks for more than a request may', () => {
    const need = planNeed(photo, { ...close, zoom: 1 }, { width: 7000, height: 5000 }, DEFAULT_DENOISE, 'split')!;
    expect(Math.max(need.region.width, need.region.height)).toBe(MAX_PREVIEW_SIDE_PX);
    expect(need.region.left % 8).toBe(0);
  });
});

describe('compareNeeds', () => {
  it('tells a move from other work', () => {
    const need = plan()!;
    expect(compareNeeds(null, need)).toBe('place');
    expect(compareNeeds(need, { ...need })).toBe('same');
    expect(compareNeeds(need, { ...need, region: { ...need.region, left: 0 } })).toBe('place');
    expect(compareNeeds(need, { ...need, sigma: 12 })).toBe('work');
    expect(compareNeeds(need, { ...need, secondPass: true })).toBe('work');
    expect(setKey(need)).toBe(setKey({ ...need, region: { ...need.region, left: 0 } } as typeof need));
  });
});

describe('nextRequest', () => {
  const wanted = { left: 0, top: 0, width: 640, height: 640 };

  it('asks for all of it, then for the strip that a move uncovers, then for nothing', () => {
    expect(nextRequest(wanted, [])).toEqual(wanted);
    expect(nextRequest(wanted, [{ left: -64, top: 0, width: 640, height: 640 }])).toEqual({
      left: 576,
      top: 0,
      width: 64,
      height: 640,
    });
    expect(nextRequest(wanted, [wanted])).toBeNull();
  });

  it('asks for one of two far corners, not for all between them', () => {
    const cross = [
      { left: 0, top: 64, width: 640, height: 512 },
      { left: 64, top: 0, width: 512, height: 640 },
    ];
    const next = nextRequest(wanted, cross)!;
    expect(areaOf(next)).toBe(64 * 64);
  });

  it('gets everything in a few requests, whatever is there', () => {
    const rect = fc.record({
      left: fc.nat(600),
      top: fc.nat(600),
      width: fc.integer({ min: 1, max: 300 }),
      height: fc.integer({ min: 1, max: 300 }),
    });
    fc.assert(
      fc.property(fc.array(rect, { maxLength: 5 }), (finished) => {
        const have = [...finished];
        const pieces = subtractAll(wanted, finished).length;
        let requests = 0;
        for (let next = nextRequest(wanted, have); next !== null; next = nextRequest(wanted, have)) {
          expect(covers([wanted], next)).toBe(true);
          have.push(next);
          requests++;
        }
        expect(requests).toBeLessThanOrEqual(pieces);
      }),
    );
  });
});

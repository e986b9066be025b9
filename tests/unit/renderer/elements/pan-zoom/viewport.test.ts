import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  carryViewport,
  clampViewport,
  fitViewport,
  fitZoom,
  MAX_ZOOM,
  nextStop,
  panBy,
  placePicture,
  resizeViewport,
  toggleZoom,
  toPicture,
  toScreen,
  visibleBox,
  zoomAbout,
  zoomLimits,
  type Viewport,
} from '../../../../../renderer/elements/pan-zoom/viewport.js';

const PICTURE = { width: 6000, height: 4000 };
const PANE = { width: 1200, height: 600 };

const size = fc.record({ width: fc.integer({ min: 1, max: 30_000 }), height: fc.integer({ min: 1, max: 30_000 }) });
const pane = fc.record({ width: fc.integer({ min: 50, max: 4000 }), height: fc.integer({ min: 50, max: 4000 }) });
const share = fc.double({ min: 0, max: 1, noNaN: true });
const zoom = fc.double({ min: 0.01, max: 32, noNaN: true });

describe('fitZoom', () => {
  it('shows all of a large picture', () => {
    expect(fitZoom(PICTURE, PANE)).toBeCloseTo(0.15);
  });

  it('enlarges a small picture by whole numbers only, and not without end', () => {
    expect(fitZoom({ width: 512, height: 512 }, PANE)).toBe(1);
    expect(fitZoom({ width: 200, height: 200 }, PANE)).toBe(3);
    expect(fitZoom({ width: 2, height: 2 }, PANE)).toBe(MAX_ZOOM);
  });
});

describe('zoomAbout', () => {
  it('keeps the point under the pointer while no edge is near', () => {
    const view: Viewport = { zoom: 1, x: 3000, y: 2000, fit: false };
    const at = { x: 900, y: 100 };
    const next = zoomAbout(view, PICTURE, PANE, at, 2);
    expect(next.zoom).toBe(2);
    const [before, after] = [toPicture(view, PANE, at), toPicture(next, PANE, at)];
    expect(after.x).toBeCloseTo(before.x);
    expect(after.y).toBeCloseTo(before.y);
  });

  it('stays within the limits and leaves no margin beside a picture that is larger than the pane', () => {
    fc.assert(
      fc.property(size, pane, share, share, zoom, zoom, (picture, pane, u, v, first, second) => {
        const at = { x: u * pane.width, y: v * pane.height };
        const start = zoomAbout(fitViewport(picture, pane), picture, pane, at, first);
        const view = zoomAbout(start, picture, pane, at, second);
        const [least, most] = zoomLimits(picture, pane);
        expect(view.zoom).toBeGreaterThanOrEqual(least);
        expect(view.zoom).toBeLessThanOrEqual(most);
        for (const [side, axis] of [
          ['width', 'x'],
          ['height', 'y'],
        ] as const) {
          const seen = pane[side] / view.zoom;
          if (seen >= picture[side]) expect(view[axis]).toBeCloseTo(picture[side] / 2);
          else {
            expect(view[axis]).toBeGreaterThanOrEqual(seen / 2 - 1e-6);
            expect(view[axis]).toBeLessThanOrEqual(picture[side] - seen / 2 + 1e-6);
          }
        }
      }),
    );
  });
});

describe('moving about', () => {
  it('maps between screen and picture both ways', () => {
    fc.assert(
      fc.property(size, pane, share, share, zoom, (picture, pane, u, v, zoom) => {
        const view = clampViewport({ zoom, x: u * picture.width, y: v * picture.height, fit: false }, picture, pane);
        const at = { x: v * pane.width, y: u * pane.height };
        const back = toScreen(view, pane, toPicture(view, pane, at));
        expect(back.x).toBeCloseTo(at.x, 4);
        expect(back.y).toBeCloseTo(at.y, 4);
      }),
    );
  });

  it('moves the picture with the pointer, to its edges', () => {
    const view: Viewport = { zoom: 2, x: 3000, y: 2000, fit: false };
    expect(panBy(view, PICTURE, PANE, 100, -50)).toMatchObject({ x: 2950, y: 2025 });
    expect(panBy(view, PICTURE, PANE, 1e6, 1e6)).toMatchObject({ x: 300, y: 150 });
  });

  it('fits again when a pane that shows all of the picture changes its size', () => {
    const fitted = fitViewport(PICTURE, PANE);
    expect(resizeViewport(fitted, PICTURE, { width: 600, height: 600 })).toMatchObject({ zoom: 0.1, fit: true });
    const close: Viewport = { zoom: 1, x: 1000, y: 1000, fit: false };
    expect(resizeViewport(close, PICTURE, { width: 600, height: 600 })).toEqual(close);
  });

  it('keeps the place in the next picture of the same size, its share in others', () => {
    const view: Viewport = { zoom: 1, x: 1500, y: 1000, fit: false };
    expect(carryViewport(view, PICTURE, PICTURE, PANE)).toEqual(view);
    expect(carryViewport(view, PICTURE, { width: 3000, height: 3000 }, PANE)).toMatchObject({
      zoom: 1,
      x: 750,
      y: 750,
    });
    expect(carryViewport(fitViewport(PICTURE, PANE), PICTURE, { width: 9000, height: 100 }, PANE).fit).toBe(true);
  });

  it('goes to 100 % and back to the whole on double clicks', () => {
    const middle = { x: 600, y: 300 };
    const close = toggleZoom(fitViewport(PICTURE, PANE), PICTURE, PANE, middle);
    expect(close).toMatchObject({ zoom: 1, fit: false });
    expect(toggleZoom(close, PICTURE, PANE, middle)).toEqual(fitViewport(PICTURE, PANE));
    const small = { width: 512, height: 512 };
    const twice = toggleZoom(fitViewport(small, PANE), small, PANE, middle);
    expect(twice.zoom).toBe(2);
    expect(toggleZoom(twice, small, PANE, middle)).toEqual(fitViewport(small, PANE));
  });
});

describe('nextStop', () => {
  it('goes through powers of two, and stops at the fitting zoom between them', () => {
    expect(nextStop(0.25, 1, 0.3)).toBe(0.3);
    expect(nextStop(0.3, 1, 0.3)).toBe(0.5);
    expect(nextStop(1, -1, 0.3)).toBe(0.5);
    expect(nextStop(16, 1, 0.3)).toBe(16);
    expect(nextStop(0.7, 1, 0.3)).toBe(1);
  });
});

describe('placePicture', () => {
  it('starts on a device pixel at whole zooms', () => {
    const view: Viewport = { zoom: 1, x: 1000.3, y: 1000.6, fit: false };
    const box = placePicture(view, PICTURE, PANE);
    expect(Number.isInteger(box.left) && Number.isInteger(box.top)).toBe(true);
    expect(box.left).toBeCloseTo(600 - 1000.3, 0);
  });

  it('agrees with what is visible', () => {
    const view: Viewport = { zoom: 2, x: 3000, y: 2000, fit: false };
    expect(visibleBox(view, PICTURE, PANE)).toEqual({ left: 2700, top: 1850, width: 600, height: 300 });
    expect(visibleBox(fitViewport(PICTURE, PANE), PICTURE, PANE)).toEqual({ left: 0, top: 0, ...PICTURE });
  });
});

/**
 * A small line alphabet for pictures that the scripts draw: a machine may have no fonts at all, and labels should look
 * the same everywhere. Coordinates are in units: y grows downwards, the baseline is 0, the x-height -5, ascenders -7.5.
 */

/** A pen movement: points joined by straight lines. */
type Stroke = readonly (readonly [x: number, y: number])[];

const line = (...coordinates: number[]): Stroke =>
  Array.from({ length: coordinates.length / 2 }, (_, i) => [coordinates[2 * i]!, coordinates[2 * i + 1]!] as const);

/** Part of an ellipse; angles in degrees from the right, clockwise on screen. */
const arc = (cx: number, cy: number, rx: number, ry: number, from: number, to: number): Stroke => {
  const steps = Math.ceil(Math.abs(to - from) / 12);
  return Array.from({ length: steps + 1 }, (_, i) => {
    const angle = ((from + ((to - from) * i) / steps) * Math.PI) / 180;
    return [cx + rx * Math.cos(angle), cy + ry * Math.sin(angle)] as const;
  });
};

const dot = (x: number, y: number): Stroke => line(x, y, x, y + 0.1);
const bowl = arc(2.4, -2.5, 2.4, 2.5, 0, 360);
const arch = [arc(2.2, -2.8, 2.2, 2.2, 180, 360), line(4.4, -2.8, 4.4, 0)];

const GLYPHS: Readonly<Record<string, readonly Stroke[]>> = {
  a: [bowl, line(4.8, -5, 4.8, 0)],
  b: [bowl, line(0, -7.5, 0, 0)],
  c: [arc(2.4, -2.5, 2.4, 2.5, 48, 312)],
  d: [bowl, line(4.8, -7.5, 4.8, 0)],
  e: [line(0, -2.6, 4.8, -2.6), arc(2.4, -2.5, 2.4, 2.5, 0, -312)],
  f: [line(1.2, 0, 1.2, -6.1), arc(2.6, -6.1, 1.4, 1.4, 180, 285), line(0, -5, 2.8, -5)],
  g: [bowl, line(4.8, -5, 4.8, 0.3), arc(2.4, 0.3, 2.4, 1.9, 0, 150)],
  h: [line(0, -7.5, 0, 0), ...arch],
  i: [line(0, -5, 0, 0), dot(0, -7.1)],
  j: [line(1.4, -5, 1.4, 0.8), arc(0, 0.8, 1.4, 1.4, 0, 90), dot(1.4, -7.1)],
  k: [line(0, -7.5, 0, 0), line(3.8, -5, 0, -1.7), line(1.4, -2.9, 4.1, 0)],
  l: [line(0, -7.5, 0, 0)],
  m: [
    line(0, -5, 0, 0),
    arc(1.75, -3.2, 1.75, 1.8, 180, 360),
    line(3.5, -3.2, 3.5, 0),
    arc(5.25, -3.2, 1.75, 1.8, 180, 360),
    line(7, -3.2, 7, 0),
  ],
  n: [line(0, -5, 0, 0), ...arch],
  o: [bowl],
  p: [bowl, line(0, -5, 0, 2.2)],
  q: [bowl, line(4.8, -5, 4.8, 2.2)],
  r: [line(0, -5, 0, 0), arc(2.2, -2.8, 2.2, 2.2, 180, 290)],
  s: [arc(2, -3.75, 1.8, 1.25, -30, -270), arc(2, -1.25, 1.95, 1.25, -90, 152)],
  t: [line(1.2, -6.8, 1.2, -1.4), arc(2.6, -1.4, 1.4, 1.4, 180, 75), line(0, -5, 2.8, -5)],
  u: [line(0, -5, 0, -2.2), arc(2.2, -2.2, 2.2, 2.2, 180, 0), line(4.4, -5, 4.4, 0)],
  v: [line(0, -5, 2.2, 0, 4.4, -5)],
  w: [line(0, -5, 1.6, 0, 3.3, -4.8, 5, 0, 6.6, -5)],
  x: [line(0, -5, 4.2, 0), line(4.2, -5, 0, 0)],
  y: [line(0, -5, 2.2, 0), line(4.4, -5, 1.3, 2.2)],
  z: [line(0, -5, 4, -5, 0, 0, 4, 0)],
  B: [
    line(2.4, -3.85, 0, -3.85, 0, -7.2, 2.4, -7.2),
    arc(2.4, -5.525, 1.7, 1.675, -90, 90),
    line(2.8, 0, 0, 0, 0, -3.85, 2.8, -3.85),
    arc(2.8, -1.925, 1.9, 1.925, -90, 90),
  ],
  '0': [arc(2.4, -3.6, 2.4, 3.6, 0, 360)],
  '1': [line(0, -5.7, 1.9, -7.2, 1.9, 0)],
  '2': [arc(2.3, -4.95, 2.2, 2.25, -165, 42), line(3.93, -3.44, 0.1, 0, 4.7, 0)],
  '3': [arc(2.2, -5.45, 1.95, 1.75, -155, 90), arc(2.2, -1.85, 2.4, 1.85, -90, 155)],
  '4': [line(3.5, 0, 3.5, -7.2, 0, -1.9, 4.8, -1.9)],
  '5': [line(4.3, -7.2, 0.9, -7.2, 0.4, -4), arc(2.1, -2.35, 2.5, 2.35, -133, 148)],
  '6': [arc(2.4, -2.3, 2.4, 2.3, 0, 360), arc(4.4, -2.3, 4.4, 4.9, 180, 258)],
  '7': [line(0, -7.2, 4.6, -7.2, 1.6, 0)],
  '8': [arc(2.4, -5.5, 1.9, 1.7, 0, 360), arc(2.4, -1.9, 2.4, 1.9, 0, 360)],
  '9': [arc(2.4, -4.9, 2.4, 2.3, 0, 360), arc(0.4, -4.9, 4.4, 4.9, 0, 78)],
  '.': [dot(0.2, -0.1)],
  ',': [line(0.5, -0.1, 0, 1.4)],
  '+': [line(0.2, -3.2, 4.4, -3.2), line(2.3, -5.3, 2.3, -1.1)],
  '-': [line(0.3, -3, 3.2, -3)],
  '/': [line(0, 1, 3, -7.8)],
};

const LETTER_SPACE = 1.7;
const WORD_SPACE = 2.6;
const PEN_RADIUS = 0.42;

/** Letters of text laid out as pen strokes, and where the next letter would begin. */
interface Layout {
  readonly strokes: readonly Stroke[];
  readonly width: number;
}

function layOut(text: string): Layout {
  const strokes: Stroke[] = [];
  let x = PEN_RADIUS;
  for (const letter of text) {
    // Capitals other than the B of dB are drawn small; what the alphabet lacks leaves a gap.
    const glyph = GLYPHS[letter] ?? GLYPHS[letter.toLowerCase()];
    if (!glyph) {
      x += WORD_SPACE;
      continue;
    }
    strokes.push(...glyph.map((stroke) => stroke.map(([px, py]) => [px + x, py] as const)));
    x += Math.max(...glyph.flat().map(([px]) => px)) + LETTER_SPACE;
  }
  return { strokes, width: Math.max(0, x - LETTER_SPACE + PEN_RADIUS) };
}

/** Width of a line of text in pixels; `scale` is pixels per unit: 2 gives small letters 10 pixels high. */
export function textWidth(text: string, scale: number): number {
  return layOut(text).width * scale;
}

/**
 * Draws a line of text: calls `paint` with each pixel it touches and the share of it that is covered, in (0,1].
 * `x` is the left edge and `y` the baseline, in pixels.
 */
export function drawStrokes(
  text: string,
  x: number,
  y: number,
  scale: number,
  paint: (px: number, py: number, coverage: number) => void,
): void {
  const radius = PEN_RADIUS * scale;
  const covered = new Map<number, number>();
  const stride = 1 << 16;
  for (const stroke of layOut(text).strokes) {
    for (let i = 1; i < stroke.length; i++) {
      const [x0, y0] = [x + stroke[i - 1]![0] * scale, y + stroke[i - 1]![1] * scale];
      const [x1, y1] = [x + stroke[i]![0] * scale, y + stroke[i]![1] * scale];
      const reach = radius + 1;
      for (let py = Math.floor(Math.min(y0, y1) - reach); py <= Math.max(y0, y1) + reach; py++) {
        for (let px = Math.floor(Math.min(x0, x1) - reach); px <= Math.max(x0, x1) + reach; px++) {
          const distance = distanceToSegment(px + 0.5, py + 0.5, x0, y0, x1, y1);
          const coverage = Math.min(1, radius - distance + 0.5);
          const key = py * stride + px;
          if (coverage > (covered.get(key) ?? 0)) covered.set(key, coverage);
        }
      }
    }
  }
  for (const [key, coverage] of covered) paint(key % stride, Math.floor(key / stride), coverage);
}

function distanceToSegment(px: number, py: number, x0: number, y0: number, x1: number, y1: number): number {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const length = dx * dx + dy * dy;
  const t = length === 0 ? 0 : Math.min(1, Math.max(0, ((px - x0) * dx + (py - y0) * dy) / length));
  return Math.hypot(px - x0 - t * dx, py - y0 - t * dy);
}

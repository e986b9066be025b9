import { ATTRIBUTE_STEP, attributesOf, type Attribute } from './attributes.js';
import { LUMA, type DecodedSquare } from './change.js';

/** Plain edits of small pictures, each of one attribute: encoded, they show where in the latent space that lies. */

/** Values are kept away from 0 and 1, whose log odds are infinite. */
const LEAST_VALUE = 0.01;

const toOdds = (value: number): number => {
  const kept = Math.min(1 - LEAST_VALUE, Math.max(LEAST_VALUE, value));
  return Math.log(kept / (1 - kept));
};
const fromOdds = (odds: number): number => 1 / (1 + Math.exp(-odds));

/** The picture with log odds replaced by edit(odds of the channel, channel, odds of luma, x, y); x and y from -0.5 to 0.5. */
function edited(
  { side, data }: DecodedSquare,
  edit: (odds: number, channel: number, luma: number, x: number, y: number) => number,
): DecodedSquare {
  const area = side * side;
  const out = new Float32Array(data.length);
  for (let i = 0; i < area; i++) {
    const luma = toOdds(LUMA[0] * data[i]! + LUMA[1] * data[area + i]! + LUMA[2] * data[2 * area + i]!);
    const x = ((i % side) + 0.5) / side - 0.5;
    const y = (Math.floor(i / side) + 0.5) / side - 0.5;
    for (let c = 0; c < 3; c++) out[c * area + i] = fromOdds(edit(toOdds(data[c * area + i]!), c, luma, x, y));
  }
  return { side, data: out };
}

/** Signs of the channels in the two axes of colour. */
const WARM = [1, 0, -1] as const;
const GREEN = [-0.5, 1, -0.5] as const;

function editBy(picture: DecodedSquare, attribute: Attribute, amount: number): DecodedSquare {
  switch (attribute) {
    case 'brightness':
      return edited(picture, (odds) => odds + amount);
    case 'contrast': {
      const middle = toOdds(attributesOf(picture).brightness);
      return edited(picture, (odds) => middle + (odds - middle) * (1 + amount));
    }
    case 'warmth':
      return edited(picture, (odds, c) => odds + amount * WARM[c]!);
    case 'tint':
      return edited(picture, (odds, c) => odds + amount * GREEN[c]!);
    case 'colourfulness':
      return edited(picture, (odds, _, luma) => luma + (odds - luma) * (1 + amount));
    case 'sideLight':
      return edited(picture, (odds, _c, _l, x) => odds + 2 * amount * x);
    case 'topLight':
      return edited(picture, (odds, _c, _l, _x, y) => odds + 2 * amount * y);
  }
}

/** Amount by which an edit is tried, and the largest. */
const TRIED = 0.2;
const MOST = 1;

/** The picture with one attribute changed by about a step: for a picture that cannot change so much, as far as it can. */
export function editedByStep(picture: DecodedSquare, attribute: Attribute, sign: 1 | -1): DecodedSquare {
  const value = (of: DecodedSquare): number => attributesOf(of)[attribute];
  const rate = (value(editBy(picture, attribute, sign * TRIED)) - value(picture)) / (sign * TRIED);
  const amount = rate > 0 ? Math.min(MOST, ATTRIBUTE_STEP[attribute] / rate) : MOST;
  return editBy(picture, attribute, sign * amount);
}

/** Builds ICC profiles by hand (version 2, matrix and curve, or a grey curve): no profile of others has to be shipped. */

type Colour = readonly [x: number, y: number, z: number];

const D50: Colour = [0.9642, 1, 0.8249];

/** Adobe RGB (1998): wider than sRGB in green, with a gamma of 2.2. */
export const adobeRgbProfile = (): Buffer =>
  profile('RGB ', [
    ['rXYZ', xyz([0.60974, 0.31111, 0.01947])],
    ['gXYZ', xyz([0.20528, 0.62567, 0.06087])],
    ['bXYZ', xyz([0.14919, 0.06322, 0.74457])],
    ['rTRC', gamma(563 / 256)],
    ['gTRC', gamma(563 / 256)],
    ['bTRC', gamma(563 / 256)],
  ]);

/** Grey with the given gamma. */
export const greyProfile = (exponent: number): Buffer => profile('GRAY', [['kTRC', gamma(exponent)]]);

function profile(space: string, own: readonly (readonly [string, Buffer])[]): Buffer {
  const tags = [['desc', description('made for a test')], ['cprt', text('CC0')], ['wtpt', xyz(D50)], ...own] as const;
  const table = Buffer.alloc(4 + tags.length * 12);
  table.writeUInt32BE(tags.length, 0);
  let at = 128 + table.length;
  tags.forEach(([name, data], i) => {
    table.write(name, 4 + i * 12, 'latin1');
    table.writeUInt32BE(at, 8 + i * 12);
    table.writeUInt32BE(data.length, 12 + i * 12);
    at += data.length;
  });
  const header = Buffer.alloc(128);
  header.writeUInt32BE(at, 0);
  header.writeUInt32BE(0x02200000, 8);
  header.write(`mntr${space}XYZ `, 12, 'latin1');
  header.write('acsp', 36, 'latin1');
  xyz(D50).copy(header, 68, 8);
  return Buffer.concat([header, table, ...tags.map(([, data]) => data)]);
}

function xyz(colour: Colour): Buffer {
  const data = Buffer.alloc(20);
  data.write('XYZ ', 'latin1');
  colour.forEach((value, i) => data.writeInt32BE(Math.round(value * 65536), 8 + 4 * i));
  return data;
}

function gamma(exponent: number): Buffer {
  const data = Buffer.alloc(16);
  data.write('curv', 'latin1');
  data.writeUInt32BE(1, 8);
  data.writeUInt16BE(Math.round(exponent * 256), 12);
  return data;
}

function text(value: string): Buffer {
  return padded(Buffer.concat([Buffer.from('text\0\0\0\0', 'latin1'), Buffer.from(`${value}\0`, 'latin1')]));
}

function description(value: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(value.length + 1);
  // Behind the text: an empty one in Unicode and an empty one for the old Macintosh.
  return padded(
    Buffer.concat([
      Buffer.from('desc\0\0\0\0', 'latin1'),
      length,
      Buffer.from(`${value}\0`, 'latin1'),
      Buffer.alloc(78),
    ]),
  );
}

const padded = (data: Buffer): Buffer => Buffer.concat([data, Buffer.alloc((4 - (data.length % 4)) % 4)]);

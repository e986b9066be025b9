import { existsSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chooseVae } from '../../../main/app/choose-vae.js';
import { EventHub } from '../../../main/app/events.js';
import { ImageRegistry } from '../../../main/app/images.js';
import { VaeLibrary } from '../../../main/app/vae-library.js';
import { VaesService } from '../../../main/app/vaes-service.js';
import { tempFolder } from '../../support/temp-folder.js';
import { newVaeCard, writeTinyVae } from '../../support/tiny-vae.js';

function bench() {
  const folder = tempFolder();
  const library = new VaeLibrary(join(folder, 'state'));
  const add = (name: string, seed: number, created = '2026-11-26T10:00:00.000Z') =>
    library.add(writeTinyVae(join(folder, `run-${seed}`), seed), newVaeCard(name, { created }));
  return { folder, library, add };
}

describe('the library of VAEs', () => {
  it('keeps both files, the card and the sheet; what the engine takes is a folder of them', async () => {
    const { library, add } = bench();
    const { id, card, folder, sheet } = await add('album', 1);
    expect(card).toMatchObject({ v: 1, id, name: 'album', side: 32, latents: 6 });
    expect(readFileSync(join(folder, 'vae-encoder.onnx')).length).toBe(card.files.encoder.bytes);
    expect(readFileSync(sheet!, 'utf8')).toBe('sheet 1');
    expect((await library.list()).versions).toEqual([{ id, card, folder, sheet }]);
  });

  it('lets a name stand for the most recent, and an id for itself', async () => {
    const { library, add } = bench();
    const first = await add('album', 1, '2026-11-26T10:00:00.000Z');
    const second = await add('album', 2, '2026-11-27T10:00:00.000Z');
    await add('alps', 3);
    expect((await library.get('album')).id).toBe(second.id);
    expect((await library.get(first.id)).id).toBe(first.id);
    expect((await library.list()).versions.map(({ card }) => card.name)).toEqual(['album', 'album', 'alps']);
    await expect(library.get('alpine')).rejects.toMatchObject({
      code: 'model/not-found',
      message: expect.stringContaining('there are album, alps') as string,
    });
  });

  it('takes the same in once, and again what was damaged', async () => {
    const { library, add } = bench();
    const { id, folder } = await add('album', 1);
    expect((await add('again', 1)).card.name).toBe('album');
    truncateSync(join(folder, 'vae-decoder.onnx'), 100);
    expect(await library.list()).toMatchObject({ versions: [], damaged: [{ id }] });
    await expect(library.find(id)).rejects.toMatchObject({ code: 'model/invalid' });
    expect((await add('again', 1)).card.name).toBe('again');
    expect((await library.list()).damaged).toEqual([]);
  });

  it('refuses what is no VAE, and leaves nothing behind', async () => {
    const { folder, library } = bench();
    const { encoder, sheet } = writeTinyVae(join(folder, 'run'), 1);
    const twice = { encoder, decoder: encoder, sheet };
    await expect(library.add(twice, newVaeCard('album'))).rejects.toMatchObject({ code: 'model/invalid' });
    expect(existsSync(join(folder, 'state/vaes'))).toBe(false);
  });
});

describe('the VAE that a command means', () => {
  it('is one of the person’s own by its name or id, or what lies at a path', async () => {
    const { folder, library, add } = bench();
    const version = await add('album', 1);
    expect(await chooseVae(null, library)).toBeNull();
    expect(await chooseVae('album', library)).toBe(version.folder);
    expect(await chooseVae(version.id, library)).toBe(version.folder);
    const elsewhere = join(folder, 'elsewhere');
    mkdirSync(elsewhere);
    expect(await chooseVae(elsewhere, library)).toBe(elsewhere);
    await expect(chooseVae('albun', library)).rejects.toMatchObject({ code: 'model/not-found' });
  });
});

describe('VAEs in the window', () => {
  it('come with sheets that can be fetched, and go into a folder as two files that replace none', async () => {
    const { folder, library, add } = bench();
    const { id, folder: place } = await add('album', 1);
    const images = new ImageRegistry();
    const target = join(folder, 'target');
    mkdirSync(target);
    writeFileSync(join(target, 'album-encoder.onnx'), 'of somebody else');
    let picked: string | null = null;
    const service = new VaesService({
      vaes: library,
      platform: { pickDestination: () => Promise.resolve(picked) },
      emit: new EventHub().emit,
      images: images.pool({ bytes: Infinity, count: Infinity, ownsFiles: false }),
    });
    const [listed] = (await service.list()).versions;
    expect(images.resolve(listed!.sheet)).toMatchObject({ file: join(place, 'sheet.png'), contentType: 'image/png' });
    expect((await service.list()).versions[0]!.sheet).toBe(listed!.sheet);
    expect(JSON.stringify(await service.list())).not.toContain(folder);
    expect(await service.folderOf(id)).toBe(place);
    expect(await service.folderOf(null)).toBeNull();

    expect(await service.export(id)).toBe(false);
    picked = target;
    expect(await service.export(id)).toBe(true);
    expect(readFileSync(join(target, 'album-encoder.onnx'), 'utf8')).toBe('of somebody else');
    const copy = readFileSync(join(target, 'album-encoder (2).onnx'));
    expect(copy.equals(readFileSync(join(place, 'vae-encoder.onnx')))).toBe(true);
    expect(existsSync(join(target, 'album-decoder.onnx'))).toBe(true);
  });
});

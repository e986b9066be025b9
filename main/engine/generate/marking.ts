import type { GenerationRecipe, ParentPhoto, VariationRecipe } from '../../../preload/generate/recipe.js';

/**
 * The XMP packet of a generated picture: that it is synthetic, in the terms of IPTC's digital source types, and in a
 * namespace of our own what it was made of. docs/generation.md lists its properties.
 */

/** The namespace of the properties that say how a picture was made. */
export const MARK_NAMESPACE = 'urn:stillgrain:generated:1/';

const SOURCE_TYPES = 'http://cv.iptc.org/newscodes/digitalsourcetype/';

/** IPTC's name of what a picture is: all from a model, or a photo with something from a model in it. */
export function sourceType({ made }: GenerationRecipe): string {
  const isPhoto = made === 'variation' || made === 'sheet' || made === 'map';
  return SOURCE_TYPES + (isPhoto ? 'compositeWithTrainedAlgorithmicMedia' : 'trainedAlgorithmicMedia');
}

/** The packet for a recipe. */
export function markingPacket(recipe: GenerationRecipe): string {
  const seeds = seedsOf(recipe);
  const denoiser = variationsOf(recipe)[0]?.denoise.sha256;
  const properties = [
    ['Made', escaped(recipe.made)],
    ...(seeds.length > 0 ? [['Seeds', bag(seeds.map(String))]] : []),
    ...(parentsOf(recipe).length > 0
      ? [['Parents', bag(parentsOf(recipe).map(({ name, sha256 }) => `sha256:${sha256} ${name}`))]]
      : []),
    ['Encoder', `sha256:${recipe.vae.encoder}`],
    ['Decoder', `sha256:${recipe.vae.decoder}`],
    ...(denoiser === undefined ? [] : [['Denoiser', `sha256:${denoiser}`]]),
    ['Recipe', escaped(JSON.stringify(recipe))],
  ].map(([name, value]) => `<stillgrain:${name!}>${value!}</stillgrain:${name!}>`);
  return [
    '<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>',
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">',
    '<rdf:Description rdf:about="" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">',
    `<Iptc4xmpExt:DigitalSourceType>${sourceType(recipe)}</Iptc4xmpExt:DigitalSourceType></rdf:Description>`,
    `<rdf:Description rdf:about="" xmlns:stillgrain="${MARK_NAMESPACE}">`,
    ...properties,
    '</rdf:Description></rdf:RDF></x:xmpmeta>',
    '<?xpacket end="w"?>',
  ].join('\n');
}

const bag = (items: readonly string[]): string =>
  `<rdf:Bag>${items.map((item) => `<rdf:li>${escaped(item)}</rdf:li>`).join('')}</rdf:Bag>`;

// oxlint-disable-next-line no-control-regex -- XML has no way to write these, and a file's name may have them
const UNWRITABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

function escaped(text: string): string {
  return text.replace(UNWRITABLE, '\ufffd').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function variationsOf(recipe: GenerationRecipe): readonly VariationRecipe[] {
  if (recipe.made === 'variation') return [recipe];
  return recipe.made === 'sheet' ? recipe.variations : [];
}

function seedsOf(recipe: GenerationRecipe): number[] {
  if (recipe.made === 'sample') return [recipe.seed];
  const steps = variationsOf(recipe).flatMap((variation) => variation.steps);
  return [...new Set(steps.flatMap((step) => (step.kind === 'around' ? [step.seed] : [])))];
}

function parentsOf(recipe: GenerationRecipe): ParentPhoto[] {
  if ('photos' in recipe) return recipe.photos;
  const photos = variationsOf(recipe).map(({ photo }) => photo);
  return [...new Map(photos.map((photo) => [photo.sha256, photo])).values()];
}

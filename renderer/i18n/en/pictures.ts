/** Texts of training picture models, which the field calls VAEs and VAE-GANs. */
export const pictures = {
  page: 'Picture model',
  formTitle: 'Train a picture model',
  formText:
    'It learns to say a picture in a few numbers, and to draw it again. With one of your own, variations and new pictures take after your photos.',
  photos: 'Photos',
  photosHelp: 'Eight at least; hundreds are much better. They are scaled down to small squares.',
  fewPhotos: 'So few photos are soon known by heart: hundreds are much better.',
  method: 'What to train',
  methodVae: 'A picture model',
  methodVaeNeeds: 'A VAE. Needs eight photos or more.',
  methodGan: 'Sharper pictures',
  methodGanNeeds:
    'A VAE-GAN: goes on from a picture model of yours, against a second net that tells photos from pictures.',
  methodGanNone: 'A VAE-GAN: goes on from a picture model of yours. Train one first.',
  timeHelp:
    'Half an hour on two processor cores gives light, colours and large shapes, no detail. Denoising goes first: training waits for it.',
  nameHelp: 'What you choose it by when you generate.',
  defaultName: 'My pictures',
  parentNone: 'Nothing',
  parentNoneHelp: 'From random numbers. The model that ships is built otherwise and cannot be gone on with.',
  parentOwnHelp: 'Goes on from your model, which stays as it is.',
  parentChoose: 'Choose a picture model',
  needPhotos: 'Choose eight photos or more.',
  needParent: 'Choose a picture model to go on from.',
  otherPictures: 'A picture model is in training. One training at a time: go on with it, or discard it.',
  otherDenoiser: 'A denoiser is in training. One training at a time: go on with it, or discard it.',
  showOther: 'Show it',

  runNew: '{{kind}}, {{photos}}, {{minutes}}',
  runFrom: '{{kind}}, {{photos}}, {{minutes}}, from {{parent}}',
  kindVae: 'VAE',
  kindGan: 'VAE-GAN',
  stateDone: 'Done: “{{name}}” is among your models',
  generate: 'Make new pictures',
  failFewPhotos: 'Fewer than eight of the photos can be used. Connect their disk and go on, or start anew with more.',
  failOtherPhotos:
    'Some of the photos that it learns from are missing or new. Bring them back as they were and go on, or start anew.',
  failMemory: 'There was not enough memory. Close other programs, then go on.',
  failDiverged: 'The training went wrong: its loss stopped being a number. Start anew; nothing else has changed.',

  curves: 'How the parts stand to each other',
  curvesUnit: '% of the highest that each has been',
  reconstruction: 'Reconstruction',
  kl: 'KL',
  generator: 'Generator',
  discriminator: 'Discriminator',
  nats: '{{value}} nats',
  curveSays: '{{name}} {{first}} at first, {{last}} at step {{step, number}}',
  helpVae: 'Reconstruction is how far its pictures are from the photos. KL is how much the numbers of a picture say.',
  helpGan:
    'Reconstruction is how far its pictures are from the photos. KL is how much the numbers of a picture say. The generator draws, the discriminator tells its pictures from photos: neither should win.',
  balance: {
    'posterior-collapsed':
      'The code is empty: {{nats}} nats in {{active}} of {{latents}} numbers, so all pictures come out alike. More photos or more time help.',
    'discriminator-wins':
      'The discriminator wins: it is right about {{accuracy}} of the patches, so the generator learns little from it. More photos help.',
    'discriminator-at-chance':
      'The discriminator is at chance: it is right about {{accuracy}} of the patches, so the generator is not made to listen to it.',
    'warming-up':
      'The code is still cheap: {{nats}} nats in {{active}} of {{latents}} numbers, and the KL term at {{warmup}} of its weight.',
    'adversary-waits':
      'The code is in use: {{nats}} nats in {{active}} of {{latents}} numbers. The discriminator begins at {{begins}} of the run.',
    'players-even': 'The players are even: the discriminator is right about {{accuracy}} of the patches.',
    'code-in-use': 'The code is in use: {{nats}} nats in {{active}} of {{latents}} numbers.',
  },
  balanceWaiting: 'What the curves mean is said after the first steps.',

  scores: 'On held-out photos',
  scorePsnr: 'Closeness (PSNR)',
  scoreKl: 'Content of a code (KL)',
  scoreActive: 'Numbers in use',
  scoreSharpness: 'Sharpness',
  decibels: '{{value}} dB',
  ofLatents: '{{active}} of {{latents}}',
  ofPhotos: '{{share}} of the photos’',
  found: '{{photos}} to learn from, {{heldOut, number}} held out',

  sheet: 'What it makes of held-out photos',
  sheetHelp: 'Photos that are never learnt from, below each row the model’s pictures of them; at the bottom, new ones.',
  sheetWaiting: 'The first pictures come with the first measurement.',
  sheetNone: 'Nothing was held out to be shown.',
  rowPhotos: 'Photos',
  rowRemade: 'Remade',
  rowNew: 'New',

  listDenoisers: 'Denoisers',
  listTitle: 'Picture models',
  version: 'Picture model {{id}}',
  exported: '“{{name}}” was exported: two files.',
  size: 'Pictures',
  sizeText: '{{side}} × {{side}} pixels, {{latents, number}} numbers each',
  choose: 'Picture model',
  shipped: 'Comes with Stillgrain',
} as const;

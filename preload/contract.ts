/**
 * The vocabulary that every process shares, and every request and event between the window and its host: each declared
 * once, with its schema. The window sees this file and nothing else of ours.
 */
export * from './contract/constants.js';
export * from './contract/settings.js';
export * from './contract/blend.js';
export * from './contract/library.js';
export * from './contract/view.js';
export * from './contract/queue.js';
export * from './contract/preferences.js';
export * from './contract/names.js';
export * from './contract/calls.js';
export * from './contract/bridge.js';
export * from './contract/accelerators.js';
export * from './contract/models.js';
export * from './contract/generate.js';
export * from './contract/train.js';
export * from './contract/own-models.js';
export * from './contract/own-vaes.js';
export type { VaeMethod, VaePoint } from './models/vae-card.js';

/**
 * What the window and its bridges need of the contract when they run: its names and constants, the arithmetic of the
 * preview and the client. No schema: those are checked by the hosts, and would double the time that a window needs to
 * start. Types come from contract.ts.
 */
export * from './contract/constants.js';
export * from './contract/names.js';
export * from './contract/blend.js';
export * from './contract/bridge.js';
export * from './generate/limits.js';
export * from './contract/model-name.js';
export { balanceFigures, balanceOf, isCollapse } from './training/balance.js';

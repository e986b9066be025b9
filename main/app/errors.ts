/** The error vocabulary, passed on to the hosts, which see main/app but not main/core. */
export { AppError, toWireError, type ErrorCode, type WireError } from '../core/errors.js';
export { EngineDeath, EngineUnavailable } from './engine-errors.js';

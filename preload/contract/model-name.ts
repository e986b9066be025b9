/** What models of one's own may be called: apart from the schema, for the window. */

/** A plain word or a few. */
export const MODEL_NAME_PATTERN = /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N} ._-]{0,62}[\p{L}\p{M}\p{N}_-])?$/u;
/** What the ids of versions look like. */
export const VERSION_ID_PATTERN = /^[0-9a-f]{12}$/;

/** Names that mean something else wherever a model is named. */
const RESERVED_NAMES: ReadonlySet<string> = new Set(['quality', 'fast', 'estimator', 'auto', 'none', 'current']);

export const isReservedName = (name: string): boolean => RESERVED_NAMES.has(name.toLowerCase());

/** Whether a file could be meant by it. */
export const isFileName = (name: string): boolean => /\.onnx$/i.test(name);

/** Whether a model may be called so. */
export const isModelName = (name: string): boolean =>
  MODEL_NAME_PATTERN.test(name) && !VERSION_ID_PATTERN.test(name) && !isReservedName(name) && !isFileName(name);

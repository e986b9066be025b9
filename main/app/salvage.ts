import { z } from 'zod';

/**
 * Makes a valid value of a stored one: whatever part of it the schema refuses, or does not know, is replaced by the same
 * part of `fallback`; of a list, the entries that are refused are left out.
 */
export function salvage<T>(schema: z.ZodType<T>, value: unknown, fallback: T): T {
  const whole = schema.safeParse(value);
  if (whole.success) return whole.data;
  if (schema instanceof z.ZodObject && isRecord(value) && isRecord(fallback)) {
    const shape = schema.shape as Record<string, z.ZodType>;
    const parts = Object.entries(shape).map(([key, part]) => [key, salvage(part, value[key], fallback[key])]);
    return Object.fromEntries(parts) as T;
  }
  if (schema instanceof z.ZodArray && Array.isArray(value)) {
    const element = schema.element as z.ZodType;
    const kept = value.filter((entry) => element.safeParse(entry).success);
    return schema.safeParse(kept).success ? (kept as T) : fallback;
  }
  return fallback;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

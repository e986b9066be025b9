import { z } from 'zod';

// Imported before any schema: zod would try to compile each with `new Function`, which the page's policy forbids and
// Chromium reports as an error although zod goes on without.
if (typeof document !== 'undefined') z.config({ jitless: true });

export {};

/** The shape of a table of texts, its values free: what a translation must fill. */
export type Texts<T> = { readonly [K in keyof T]: T[K] extends string ? string : Texts<T[K]> };

interface Version {
  readonly id: string;
  readonly card: { readonly name: string; readonly created: string };
}

/** The order in which versions of models are listed: by name, the newest of each first. */
export function byNameThenNewest(a: Version, b: Version): number {
  if (a.card.name !== b.card.name) return a.card.name < b.card.name ? -1 : 1;
  return Date.parse(b.card.created) - Date.parse(a.card.created) || (a.id < b.id ? -1 : 1);
}

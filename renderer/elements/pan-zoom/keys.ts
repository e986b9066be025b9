/** What keys do to a viewport. */
export type ViewKey =
  /** Shares of the pane that the picture moves. */
  | { readonly kind: 'pan'; readonly dx: number; readonly dy: number }
  | { readonly kind: 'step'; readonly direction: 1 | -1 }
  | { readonly kind: 'zoom'; readonly zoom: 'fit' | number };

export interface KeyInput {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

const PAN = 0.1;
const PAN_FAR = 0.5;

const ZOOMS: Readonly<Record<string, 'fit' | number>> = { '0': 'fit', f: 'fit', '1': 1, '2': 2, '4': 4 };

/** The meaning of a key; null: none. Keys held with Ctrl, Cmd or Alt belong to the browser and the menus. */
export function viewKey(input: KeyInput): ViewKey | null {
  if (input.ctrlKey || input.metaKey || input.altKey) return null;
  const by = input.shiftKey ? PAN_FAR : PAN;
  switch (input.key) {
    case 'ArrowLeft':
      return { kind: 'pan', dx: by, dy: 0 };
    case 'ArrowRight':
      return { kind: 'pan', dx: -by, dy: 0 };
    case 'ArrowUp':
      return { kind: 'pan', dx: 0, dy: by };
    case 'ArrowDown':
      return { kind: 'pan', dx: 0, dy: -by };
    case '+':
    case '=':
      return { kind: 'step', direction: 1 };
    case '-':
    case '_':
      return { kind: 'step', direction: -1 };
    default: {
      const zoom = ZOOMS[input.key.toLowerCase()];
      return zoom === undefined ? null : { kind: 'zoom', zoom };
    }
  }
}

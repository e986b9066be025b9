import { Columns2, Eraser, Image, ScanSearch, Sparkles, SquareSplitHorizontal, Waves } from 'lucide-react';
import type { CompareMode } from '../../../preload/contract.js';

/** The key of each mode; letters of their English names where these are free. */
export const MODE_KEYS: Readonly<Record<CompareMode, string>> = {
  split: 'S',
  side: 'D',
  original: 'O',
  result: 'R',
  removed: 'N',
  noise: 'M',
  risk: 'K',
};

export const MODE_ICONS: Readonly<Record<CompareMode, React.JSX.Element>> = {
  split: <SquareSplitHorizontal aria-hidden />,
  side: <Columns2 aria-hidden />,
  original: <Image aria-hidden />,
  result: <Sparkles aria-hidden />,
  removed: <Eraser aria-hidden />,
  noise: <Waves aria-hidden />,
  risk: <ScanSearch aria-hidden />,
};

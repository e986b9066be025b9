import { useOwnVaes } from '../../state/own-vaes.js';
import { useGenerate } from './generate-state.js';

/** Of the pictures of the VAE that ships, in pixels. */
const SHIPPED_SIDE_PX = 128;

/** Side of the pictures that the chosen VAE draws, in pixels. */
export function useSide(): number {
  const chosen = useGenerate((state) => state.vae);
  const vaes = useOwnVaes((state) => state.vaes);
  return vaes?.versions.find(({ id }) => id === chosen)?.card.side ?? SHIPPED_SIDE_PX;
}

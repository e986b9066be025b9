import type { VaeChoice } from '../../../preload/contract.js';
import { forgetWay } from './between/between-state.js';
import { chosenVae, useGenerate } from './generate-state.js';
import { forgetMap } from './map/map-state.js';
import { forgetSamples } from './samples/samples-state.js';
import { forgetVariations } from './variations/variations-state.js';

/** Generates with another VAE from now on. What the one before has made is forgotten: no step of it leads to the same. */
export function chooseVae(vae: VaeChoice): void {
  if (vae === chosenVae()) return;
  useGenerate.setState({ vae });
  forgetVariations();
  forgetWay();
  forgetSamples();
  forgetMap();
}

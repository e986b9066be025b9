import { common } from './common.js';
import { library } from './library.js';
import { compare } from './compare.js';
import { adjust } from './adjust.js';
import { queue } from './queue.js';
import { exportTexts } from './export.js';
import { settings } from './settings.js';
import { welcome } from './welcome.js';
import { models } from './models.js';
import { train } from './train.js';
import { pictures } from './pictures.js';
import { errors } from './errors.js';
import { generate } from './generate.js';

export const en = {
  common,
  library,
  compare,
  adjust,
  queue,
  export: exportTexts,
  settings,
  welcome,
  models,
  train,
  pictures,
  errors,
  generate,
};

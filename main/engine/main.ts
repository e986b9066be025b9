import { fileURLToPath } from 'node:url';
import { runEngine } from './process.js';
import { EngineService } from './service.js';

/** Entry of the engine process. */

/** The shipped models lie beside dist/; a packaged app says where it keeps them. */
const modelsFolder = process.env['STILLGRAIN_MODELS_DIR'] ?? fileURLToPath(new URL('../../../models', import.meta.url));

runEngine((onFault) => new EngineService(modelsFolder, { onFault }));

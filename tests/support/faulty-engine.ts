import { fileURLToPath } from 'node:url';
import { runEngine } from '../../main/engine/process.js';
import { openSession } from '../../main/engine/runtime.js';
import { EngineService } from '../../main/engine/service.js';
import { faultyOpen, type Fault } from './faulty-provider.js';

/**
 * Entry of a real engine whose accelerators have a fault, named by FAULTY_PROVIDER: "garbage", or "garbage:2" for one
 * that comes after two good runs of a session. Forked as it is built, in dist/.
 */

const [fault = 'none', after = '0'] = (process.env['FAULTY_PROVIDER'] ?? 'none').split(':');
const open = faultyOpen(openSession, fault as Fault, Number(after));
const models = fileURLToPath(new URL('../../../models', import.meta.url));

runEngine((onFault) => new EngineService(models, { open, onFault }));

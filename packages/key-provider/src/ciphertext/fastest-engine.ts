import { existsSync } from 'node:fs';
import { acceleratorFile } from '../accelerator/accelerator-file.ts';
import { loadAccelerator } from '../accelerator/native-engine.ts';
import type { Engine } from './engine.ts';
import { nodeEngine } from './node-engine.ts';

let fastest: Engine | undefined;

/**
 * The accelerator where it was built, else `node:crypto`.
 *
 * @throws Error when an accelerator is there and does not prove itself: that is a fault of the machine, not to be hidden
 */
export function fastestEngine(): Engine {
  fastest ??= existsSync(acceleratorFile) ? loadAccelerator(acceleratorFile) : nodeEngine;
  return fastest;
}

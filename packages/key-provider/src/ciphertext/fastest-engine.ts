import { existsSync } from 'node:fs';
import { acceleratorFile } from '../accelerator/accelerator-file.ts';
import { loadAccelerator } from '../accelerator/native-engine.ts';
import type { Engine } from './engine.ts';
import { nodeEngine } from './node-engine.ts';

let fastest: Engine | undefined;

/**
 * The accelerator where it was built, else `node:crypto`. One that cannot be loaded, as after a copy to a system with another C
 * library, is told of by a warning of the process and not used.
 *
 * @throws Error when an accelerator does not do what `node:crypto` does: that is a fault of the machine, not to be hidden
 */
export function fastestEngine(): Engine {
  fastest ??= existsSync(acceleratorFile) ? loadIfPossible(acceleratorFile) : nodeEngine;
  return fastest;
}

function loadIfPossible(file: string): Engine {
  try {
    return loadAccelerator(file);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ERR_DLOPEN_FAILED')) throw error;
    process.emitWarning(`${file} cannot be loaded here; fields are encrypted by node:crypto. ${error.message}`, {
      code: 'VCC_PKI_ACCELERATOR',
    });
    return nodeEngine;
  }
}

import type { Engine } from './engine.ts';
import { nodeEngine } from './node-engine.ts';

/** The accelerator where it was built and proved itself, else `node:crypto`. */
export function fastestEngine(): Engine {
  return nodeEngine;
}

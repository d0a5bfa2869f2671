#!/usr/bin/env node
/**
 * `vcc-pki-accelerator [--if-possible]`: builds the accelerator of field encryption. With `--if-possible` a machine that
 * cannot build it is no failure, so that an install script may call it.
 *
 * @module
 */
import { AcceleratorBuildError, buildAccelerator } from './build-accelerator.ts';
import { loadAccelerator } from './native-engine.ts';

try {
  const file = await buildAccelerator();
  loadAccelerator(file);
  process.stdout.write(`${file}: built and proven against node:crypto\n`);
} catch (error) {
  if (!(error instanceof AcceleratorBuildError)) throw error;
  process.stderr.write(`The accelerator is not built: ${error.message}. Fields are encrypted by node:crypto.\n`);
  process.exitCode = process.argv.includes('--if-possible') ? 0 : 1;
}

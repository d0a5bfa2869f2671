#!/usr/bin/env node
/**
 * `vcc-pki-accelerator [--if-possible]`: builds the accelerator of field encryption and lets it prove itself; one that does not is
 * taken away. With `--if-possible` a machine that cannot build it is no failure: the install script of the package calls it so.
 *
 * @module
 */
import { rm } from 'node:fs/promises';
import { AcceleratorBuildError, buildAccelerator } from './build-accelerator.ts';
import { loadAccelerator } from './native-engine.ts';

try {
  const file = await buildAccelerator();
  try {
    loadAccelerator(file);
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  }
  process.stdout.write(`${file}: built and proven against node:crypto\n`);
} catch (error) {
  if (!(error instanceof AcceleratorBuildError)) throw error;
  process.stderr.write(`The accelerator is not built: ${error.message}. Fields are encrypted by node:crypto.\n`);
  process.exitCode = process.argv.includes('--if-possible') ? 0 : 1;
}

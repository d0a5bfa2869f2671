/**
 * `npm run bench` lists the benchmarks; `npm run bench -- NAME` runs `bench/NAME/benchmark.ts`. Progress goes to
 * standard error; the last line on standard output is one JSON object.
 *
 * @module
 */
import { access, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Benchmark } from './support/benchmark.ts';

const [name] = process.argv.slice(2);
process.exitCode = await (name === undefined ? list() : run(name));

async function list(): Promise<number> {
  process.stdout.write('npm run bench -- NAME, where NAME is one of\n');
  for (const known of await names()) process.stdout.write(`  ${known.padEnd(10)} ${(await load(known)).summary}\n`);
  return 0;
}

async function run(name: string): Promise<number> {
  if (!(await names()).includes(name)) {
    process.stderr.write(`There is no benchmark ${name}.\n`);
    await list();
    return 2;
  }
  const report = await (await load(name)).run((line) => process.stderr.write(`${line}\n`));
  process.stdout.write(`${JSON.stringify(report)}\n`);
  return 0;
}

async function names(): Promise<string[]> {
  const folders = await readdir(import.meta.dirname, { withFileTypes: true });
  const found: string[] = [];
  for (const folder of folders) if (await exists(fileOf(folder.name))) found.push(folder.name);
  return found.sort();
}

async function load(name: string): Promise<Benchmark> {
  return ((await import(fileOf(name))) as { benchmark: Benchmark }).benchmark;
}

function fileOf(name: string): string {
  return join(import.meta.dirname, name, 'benchmark.ts');
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

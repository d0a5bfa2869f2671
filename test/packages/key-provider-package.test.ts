// The tarball that npm would publish, in a project of its own: no network, its dependencies are those of this repository.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runProgram } from '../support/run-program.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const source = join(root, 'packages/key-provider');
const project = await mkdtemp(join(tmpdir(), 'key-provider-package-'));
const installed = join(project, 'node_modules/@vcc-pki/key-provider');
const built = join(installed, 'native/build');
after(() => rm(project, { recursive: true }));

const hasCompiler = ((): boolean => {
  try {
    execFileSync('cc', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();
const skip = hasCompiler ? false : 'SKIPPED: there is no C compiler here';

before(async () => {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const compiled = await runProgram(process.execPath, [tsc, '-b', source], {});
  assert.equal(compiled.code, 0, compiled.stdout);
  const packed = await runProgram('npm', ['pack', '--silent', '--pack-destination', project, source], {});
  assert.equal(packed.code, 0, packed.stderr);
  await mkdir(installed, { recursive: true });
  const tarball = join(project, packed.stdout.trim());
  execFileSync('tar', ['-xzf', tarball, '--strip-components=1', '-C', installed]);
  const { dependencies } = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8'));
  for (const name of Object.keys(dependencies)) {
    const link = join(project, 'node_modules', name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(join(root, 'node_modules', name), link);
  }
  const own = { name: 'a-service', private: true, dependencies: { '@vcc-pki/key-provider': '*' } };
  await writeFile(join(project, 'package.json'), JSON.stringify(own));
});

/** What npm does with the package once its files are there. */
async function rebuild(...options: readonly string[]) {
  const args = ['rebuild', '--offline', '--foreground-scripts', ...options, '@vcc-pki/key-provider'];
  const found = await runProgram('npm', args, { cwd: project });
  assert.equal(found.code, 0, found.stderr);
  return found;
}

/** Which path a service in that project takes. */
async function activeEngine(): Promise<{ readonly engine: string; readonly stderr: string }> {
  const program = `import { FieldEncryption } from '@vcc-pki/key-provider'; console.log(FieldEncryption.engine)`;
  const args = ['--no-strip-types', '--input-type=module', '--eval', program];
  const { code, stdout, stderr } = await runProgram(process.execPath, args, { cwd: project });
  assert.equal(code, 0, stderr);
  return { engine: stdout.trim(), stderr };
}

test('nothing but what is run and built from is in it', async () => {
  const { stdout } = await runProgram('npm', ['pack', '--dry-run', '--json', source], {});
  const value: unknown = JSON.parse(stdout);
  // npm 10 prints a list, later ones an object by name.
  const [{ files }] = (Array.isArray(value) ? value : Object.values(value as object)) as [
    { files: { path: string }[] },
  ];
  const other = files
    .map(({ path }) => path)
    .filter((path) => !/^dist\/[\w/-]+\.(?:js|d\.ts)(?:\.map)?$/.test(path) && path !== 'package.json');
  assert.deepEqual(other.sort(), ['native/accelerator.c', 'native/at-install.mjs']);
});

test('installed without scripts nothing is built, and node:crypto does it', async () => {
  await rebuild('--ignore-scripts');
  assert.equal(existsSync(built), false);
  assert.equal((await activeEngine()).engine, 'node');
});

test('where there is a C compiler the install builds the accelerator, says so in one line, and it is used', {
  skip,
}, async () => {
  const { stdout } = await rebuild();
  assert.equal(stdout.match(/^@vcc-pki\/key-provider: .*built and proven against node:crypto$/gm)?.length, 1, stdout);
  assert.equal((await activeEngine()).engine, 'native');
  await rm(built, { recursive: true });
});

test('where there is none it says in one line what is active instead, and the install goes well', async () => {
  const script = join(installed, 'native/at-install.mjs');
  const env = { PATH: join(project, 'no-programs') };
  const { code, stdout, stderr } = await runProgram(process.execPath, [script], { env });
  assert.deepEqual([code, stderr], [0, '']);
  assert.match(
    stdout,
    /^@vcc-pki\/key-provider: The accelerator is not built: .*Fields are encrypted by node:crypto\.\n$/,
  );
  assert.equal((await activeEngine()).engine, 'node');
});

test('a compiler that makes something else is found out, and what it made is taken away', { skip }, async () => {
  const programs = join(project, 'odd-programs');
  await mkdir(programs);
  // A module without a single function of the accelerator.
  await writeFile(join(project, 'empty.c'), 'int nothing;\n');
  const other = `#!/bin/sh\nwhile [ "$1" != "-o" ]; do shift; done\nPATH=${process.env['PATH']}\n`;
  await writeFile(join(programs, 'cc'), `${other}exec cc -shared -fPIC -o "$2" ../empty.c\n`, { mode: 0o755 });
  const env = { PATH: programs };
  const script = join(installed, 'native/at-install.mjs');
  const { code, stdout } = await runProgram(process.execPath, [script], { env, cwd: programs });
  assert.equal(code, 0);
  assert.match(stdout, /^@vcc-pki\/key-provider: The accelerator is not built: .+\n$/);
  assert.equal((await activeEngine()).engine, 'node');
});

test('an accelerator that cannot be loaded is told of and not used', { skip }, async () => {
  await rebuild();
  const [file = ''] = await readdir(built);
  await writeFile(join(built, file), 'of another C library');
  const { engine, stderr } = await activeEngine();
  assert.equal(engine, 'node');
  assert.match(stderr, /VCC_PKI_ACCELERATOR/);
});

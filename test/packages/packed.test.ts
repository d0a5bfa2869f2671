import assert from 'node:assert/strict';
import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runProgram } from '../support/run-program.ts';
import { skipWithout, systemProgram } from '../support/system-program.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const packed = ['api', 'asn1', 'client', 'kek', 'key-provider', 'signer', 'x509'] as const;

/** A project that has the packages from their tarballs, as `npm install FILES` puts them, and nothing from the sources. */
async function consumer(t: TestContext): Promise<string> {
  const project = await temporaryDirectory(t);
  const modules = join(project, 'node_modules');
  await mkdir(join(modules, '@vcc-pki'), { recursive: true });
  for (const name of await readdir(join(root, 'node_modules'))) {
    if (name !== '@vcc-pki' && name !== '.bin') await symlink(join(root, 'node_modules', name), join(modules, name));
  }
  const workspaces = packed.flatMap((name) => ['--workspace', `packages/${name}`]);
  const pack = await runProgram('npm', ['pack', ...workspaces, '--pack-destination', project], { cwd: root });
  assert.equal(pack.code, 0, pack.stderr);
  for (const file of (await readdir(project)).filter((name) => name.endsWith('.tgz'))) {
    const [, name = ''] = /^vcc-pki-([\w-]+)-\d/.exec(file) ?? [];
    const folder = join(modules, '@vcc-pki', name);
    await mkdir(folder);
    const args = ['-xzf', join(project, file), '-C', folder, '--strip-components=1'];
    const { code, stderr } = await runProgram(systemProgram('tar'), args);
    assert.equal(code, 0, stderr);
  }
  assert.deepEqual((await readdir(join(modules, '@vcc-pki'))).sort(), [...packed].sort());
  return project;
}

test('what is packed works in a project of its own: as ES modules, as CommonJS, and for TypeScript', {
  skip: skipWithout('tar'),
}, async (t) => {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const folders = packed.map((name) => join(root, 'packages', name));
  const built = await runProgram(process.execPath, [tsc, '-b', ...folders]);
  assert.equal(built.code, 0, built.stdout);
  const cwd = await consumer(t);
  const run = async (file: string, text: string): Promise<string> => {
    await writeFile(join(cwd, file), text);
    // Whoever runs the tests may have asked for the sources; a project of its own does not.
    const { code, stdout, stderr } = await runProgram(process.execPath, [file], {
      cwd,
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    assert.equal(code, 0, stderr);
    return stdout;
  };
  const said = 'PKIKeyProvider FieldEncryption PKIClient vcc_pki_client_open_connections 0\n';
  const names = 'PKIKeyProvider.name, FieldEncryption.name, PKIClient.name';
  const use = `
    const pki = new PKIClient({ serviceId: 'a', pkiServerUrl: 'https://localhost:1', folder: '/nowhere' });
    console.log(${names}, /^vcc_pki_client_open_connections .*$/m.exec(pki.metrics())?.[0]);`;
  const imports = `
    import { PKIClient } from '@vcc-pki/client';
    import { FieldEncryption, PKIKeyProvider } from '@vcc-pki/key-provider';${use}`;

  await t.test('import', async () => assert.equal(await run('app.mjs', imports), said));
  await t.test('require', async () => {
    const requires = `
      const { PKIClient } = require('@vcc-pki/client');
      const { FieldEncryption, PKIKeyProvider } = require('@vcc-pki/key-provider');${use}`;
    assert.equal(await run('app.cjs', requires), said);
  });
  await t.test('types', async () => {
    await writeFile(join(cwd, 'app.mts'), imports);
    const wrong = imports.replace("serviceId: 'a'", 'serviceId: 1');
    await writeFile(join(cwd, 'wrong.mts'), wrong);
    const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'esnext', '--types', 'node'];
    const { stdout } = await runProgram(process.execPath, [tsc, ...options, 'app.mts', 'wrong.mts'], { cwd });
    const errors = [...stdout.matchAll(/^(\S+)\(\d+,\d+\): error (TS\d+)/gm)].map(([, file, code]) => [file, code]);
    assert.deepEqual(errors, [['wrong.mts', 'TS2322']], stdout);
  });
});

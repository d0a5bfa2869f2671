import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runProgram } from '../support/run-program.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = join(root, 'packages/client');

test('what is published of the client library is complete, and runs as plain JavaScript', async (t) => {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const built = await runProgram(process.execPath, [tsc, '-b', folder], {});
  assert.equal(built.code, 0, built.stdout);

  await t.test('npm pack takes the built files and no tests', async () => {
    const { code, stdout, stderr } = await runProgram('npm', ['pack', '--dry-run', '--json', folder], {});
    assert.equal(code, 0, stderr);
    const [{ files }] = packed(stdout);
    const paths = files.map(({ path }) => path);
    for (const path of [
      'package.json',
      'dist/index.js',
      'dist/index.d.ts',
      'dist/pki-client.js',
      'dist/keeper/index.js',
    ]) {
      assert.ok(paths.includes(path), `${path} is missing`);
    }
    assert.deepEqual(
      paths.filter((path) => path !== 'package.json' && !/^dist\/[\w/-]+\.(?:js|d\.ts)(?:\.map)?$/.test(path)),
      [],
    );
    assert.deepEqual(
      paths.filter((path) => path.includes('test')),
      [],
    );
  });

  await t.test('it is imported by plain node, without the sources', async () => {
    const program = `
      import { PKIClient, ServerRefusal } from '@vcc-pki/client';
      import { CertificateKeeper } from '@vcc-pki/client/keeper';
      const pki = new PKIClient({ serviceId: 'a', pkiServerUrl: 'https://localhost:1', folder: '/nowhere' });
      const error = await pki.ensureCertificate().catch((error) => error);
      console.log(error.code, typeof ServerRefusal, typeof CertificateKeeper, import.meta.resolve('@vcc-pki/client'));
      await pki.close();`;
    const args = ['--no-strip-types', '--input-type=module', '--eval', program];
    const { code, stdout, stderr } = await runProgram(process.execPath, args, { cwd: root });
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^noCertificate function function \S+\/packages\/client\/dist\/index\.js$/m);
  });
});

/** npm 10 prints a list, later ones an object by name. */
function packed(stdout: string): [{ readonly files: readonly { readonly path: string }[] }] {
  const value: unknown = JSON.parse(stdout);
  return (Array.isArray(value) ? value : Object.values(value as object)) as ReturnType<typeof packed>;
}

import assert from 'node:assert/strict';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { platform } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { CertificateResource, CertificateSummary } from '@vcc-pki/api';
import { runningPki } from '../support/running-pki.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { type Relay, relayTo } from './support/relay.ts';
import { runJson } from './support/run-cli.ts';

interface Made {
  readonly certificate: CertificateResource;
  readonly resumed: boolean;
  readonly kept_previous: boolean;
  readonly forgot_earlier: boolean;
}

/** A PKI whose line to the client can be cut when a certificate is recorded and the answer is not yet on its way. */
async function pkiWithCuts(t: TestContext) {
  let relay: Relay | undefined;
  let armed = false;
  const pki = await runningPki(t, {
    server: {
      faultPoint: (label) => {
        if (!armed || label !== 'after-record') return;
        armed = false;
        relay?.cut();
      },
    },
  });
  relay = await relayTo(pki.port, t);
  const server = `https://localhost:${relay.port}`;
  const out = await temporaryDirectory(t);
  return {
    out,
    folderOf: (service: string) => join(out, service),
    cutNext: () => {
      armed = true;
    },
    run: <T>(...args: string[]) =>
      runJson<T & { code?: string }>([...args, '--server', server], { environment: { directory: pki.directory } }),
  };
}

type Pki = Awaited<ReturnType<typeof pkiWithCuts>>;

async function issuedIds({ run }: Pki, service: string): Promise<string[]> {
  const { json } = await run<{ items: CertificateSummary[] }>('list', '--service', service);
  return json.items.map((item) => item.certificate_id);
}

async function pairFits(folder: string): Promise<boolean> {
  const key = createPrivateKey(await readFile(join(folder, 'key.pem')));
  return new X509Certificate(await readFile(join(folder, 'cert.pem'))).checkPrivateKey(key);
}

test('runs of the command that do not come to their end', async (t) => {
  const pki = await pkiWithCuts(t);

  await t.test('a certificate whose answer was lost comes with the next run, once', async () => {
    const service = 'veritas-backend';
    const folder = pki.folderOf(service);
    const create = ['create-certificate', '--service', service, '--out', pki.out];
    pki.cutNext();
    const lost = await pki.run(...create);
    assert.deepEqual([lost.code, lost.json.code], [4, 'cannotConnect']);
    assert.deepEqual(await readdir(folder), ['.pending-request.json']);
    if (platform() !== 'win32') {
      assert.equal((await stat(join(folder, '.pending-request.json'))).mode & 0o777, 0o600);
    }
    const issued = await issuedIds(pki, service);
    assert.equal(issued.length, 1);

    const finished = await pki.run<Made>(...create);
    assert.equal(finished.code, 0);
    assert.equal(finished.json.resumed, true);
    assert.deepEqual(await issuedIds(pki, service), issued);
    assert.equal(finished.json.certificate.certificate_id, issued[0]);
    assert.equal(await pairFits(folder), true);
    assert.ok(!(await readdir(folder)).includes('.pending-request.json'));

    const again = await pki.run(...create);
    assert.deepEqual([again.code, again.json.code], [1, 'fileExists']);
  });

  await t.test('a run that asks for something else does not finish the earlier one', async () => {
    const service = 'covina-backend';
    const create = ['create-certificate', '--service', service, '--out', pki.out];
    pki.cutNext();
    await pki.run(...create);
    const other = await pki.run<Made>(...create, '--key-type', 'Ed25519');
    assert.deepEqual([other.code, other.json.resumed, other.json.forgot_earlier], [0, false, true]);
    assert.equal(other.json.certificate.key_type, 'Ed25519');
    assert.equal((await issuedIds(pki, service)).length, 2);
  });

  await t.test(
    'a renewal that was cut off between key and certificate is finished, and the old pair is still kept',
    async () => {
      const service = 'vpb-backend';
      const folder = pki.folderOf(service);
      await pki.run('create-certificate', '--service', service, '--out', pki.out);
      const oldKey = await readFile(join(folder, 'key.pem'), 'utf8');
      pki.cutNext();
      assert.equal((await pki.run('renew', service, '--out', pki.out)).code, 4);
      assert.equal(await pairFits(folder), true, 'the old pair is in use until the new one is there');

      // What a crash after the first of the five files leaves.
      await mkdir(join(folder, 'previous'));
      for (const name of ['key.pem', 'cert.pem']) await copyFile(join(folder, name), join(folder, 'previous', name));
      const { keyPem } = JSON.parse(await readFile(join(folder, '.pending-request.json'), 'utf8')) as {
        keyPem: string;
      };
      await writeFile(join(folder, 'key.pem'), keyPem);
      assert.equal(await pairFits(folder), false);

      const finished = await pki.run<Made>('renew', service, '--out', pki.out);
      assert.deepEqual([finished.code, finished.json.resumed, finished.json.kept_previous], [0, true, false]);
      assert.equal(await pairFits(folder), true);
      assert.equal(await readFile(join(folder, 'key.pem'), 'utf8'), keyPem);
      assert.equal(await readFile(join(folder, 'previous/key.pem'), 'utf8'), oldKey);
      assert.equal((await issuedIds(pki, service)).length, 2);
    },
  );

  await t.test('a request that was refused leaves nothing behind', async () => {
    const service = 'clara-backend';
    const refused = await pki.run(
      ...['create-certificate', '--service', service, '--san-dns', 'evil.example', '--out', pki.out],
    );
    assert.deepEqual([refused.code, refused.json.code], [1, 'rejectedIdentifier']);
    assert.ok(!(await readdir(pki.out)).includes(service));
  });

  await t.test('--force replaces a pair and keeps the one before', async () => {
    const service = 'covina-ingestion';
    const folder = pki.folderOf(service);
    const create = ['create-certificate', '--service', service, '--out', pki.out];
    await pki.run(...create);
    const oldKey = await readFile(join(folder, 'key.pem'), 'utf8');
    const forced = await pki.run<Made>(...create, '--force');
    assert.deepEqual([forced.code, forced.json.kept_previous], [0, true]);
    assert.notEqual(await readFile(join(folder, 'key.pem'), 'utf8'), oldKey);
    assert.equal(await readFile(join(folder, 'previous/key.pem'), 'utf8'), oldKey);
  });
});

import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CertificateResource } from '@vcc-pki/api';
import { parseCertificateList, serialToHex } from '@vcc-pki/x509';
import { request } from 'undici';
import { sharedPki } from '../../support/shared-pki.ts';

function configure(name: string, text: string): string {
  return name === 'pki_config.yaml'
    ? text.replace('# crl_export_folder: ./export', 'crl_export_folder: ./export')
    : text;
}

// The server is closed before its folder is removed: it writes there.
const shared = sharedPki(() => ({ configure }));

test('the export folder has what the public listener answers, under the same paths, and never half a file', async () => {
  const pki = shared();
  const folder = join(pki.directory, 'export');
  const served = async (path: string): Promise<Buffer> => {
    const { statusCode, body } = await request(`${pki.publicUrl}/${path}`);
    assert.equal(statusCode, 200, path);
    return Buffer.from(await body.arrayBuffer());
  };
  const leaf = await pki.issueFor('veritas-backend');
  const { serial_number, issuer_id } = leaf.answer.json() as CertificateResource;
  const shard = `crl/${issuer_id}/${Number.parseInt(serial_number.slice(-1), 16)}.crl`;
  await until(async () => (await readdir(join(folder, 'crl', issuer_id))).length === 17);

  // A reader that looks all the time finds a whole CRL each time.
  const reader = new AbortController();
  const reads = (async () => {
    for (let count = 0; ; count += 1) {
      if (reader.signal.aborted) return count;
      parseCertificateList(await readFile(join(folder, shard)));
    }
  })();
  try {
    await pki.call('DELETE', `/api/v1/certificates/${leaf.certificateId}/revoke?reason=superseded&wait=published`);
    await until(async () => {
      const crl = parseCertificateList(await readFile(join(folder, shard)));
      return [...crl.entries()].some(({ serialNumber }) => serialToHex(serialNumber) === serial_number);
    });
  } finally {
    reader.abort();
  }
  assert.ok((await reads) > 0);

  // Full and delta CRL follow; then nothing is under way, and everything is the same.
  await until(async () => {
    const files = await filesIn(folder);
    // 16 shards, the delta, two full CRLs, two certificates and the root as PEM.
    assert.equal(files.length, 22, files.join('\n'));
    const pairs = await Promise.all(
      files.map(async (file) => [await readFile(join(folder, file)), await served(file)]),
    );
    return pairs.every(([own, other]) => own?.equals(other as Buffer));
  });
});

/** Paths relative to the folder, with slashes. */
async function filesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  return names
    .filter((name) => name.isFile())
    .map((name) => relative(folder, join(name.parentPath, name.name)).replaceAll('\\', '/'));
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  let last: unknown;
  for (let tries = 0; tries < 200; tries += 1) {
    try {
      if (await isSo()) return;
    } catch (error) {
      // The folder may not be there yet; what it was in the end is told below.
      last = error;
    }
    await sleep(50);
  }
  throw new Error('not after ten seconds', { cause: last });
}

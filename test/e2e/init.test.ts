import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { AlreadyInitializedError, type Initialized, initializePki, isInitialized, systemClock } from '@vcc-pki/server';
import type { Lifetime } from '../support/lifetime.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const passphrase = new TextEncoder().encode('a passphrase for tests');

function init(directory: string, options: Partial<Parameters<typeof initializePki>[0]> = {}): Promise<Initialized> {
  return initializePki({ directory, passphrase, clock: systemClock, ...options });
}

async function newPki(t: Lifetime): Promise<Initialized & { directory: string }> {
  return init(await temporaryDirectory(t));
}

/** Every file below a folder with what it holds. */
async function contents(directory: string): Promise<Record<string, string>> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(await Promise.all(files.map(async (file) => [file, await readFile(file, 'latin1')])));
}

test('init makes what it says: hierarchy, keys for their owner alone, names from the options', async (t) => {
  const directory = await temporaryDirectory(t);
  assert.equal(await isInitialized(directory), false);
  const made = await init(directory, {
    subject: { organization: 'Acme', country: 'AT' },
    dnsNames: ['pki.acme.example'],
  });
  assert.equal(await isInitialized(directory), true);
  for (const file of made.files) await stat(file);
  const certificate = async (name: string): Promise<X509Certificate> =>
    new X509Certificate(await readFile(join(directory, name)));
  const root = await certificate('root_ca.pem');
  const intermediate = await certificate('intermediate/intermediate_ca.pem');
  assert.equal(root.fingerprint256.replaceAll(':', '').toLowerCase(), made.rootFingerprint);
  assert.ok(root.verify(root.publicKey) && intermediate.verify(root.publicKey));
  assert.match(root.subject, /^C=AT\n[\s\S]*O=Acme\n[\s\S]*CN=VCC Root CA$/);
  const years = ({ validTo, validFrom }: X509Certificate): number =>
    Math.round((Date.parse(validTo) - Date.parse(validFrom)) / (365.25 * 86_400_000));
  assert.deepEqual([years(root), years(intermediate)], [10, 5]);
  const server = await certificate('server/pki_server_cert.pem');
  assert.ok(server.checkHost('pki.acme.example'));
  if (process.platform === 'win32') return;
  const modes: readonly [string, number][] = [
    ['root/root_ca_key.pem', 0o400],
    ['intermediate/intermediate_ca_key.pem', 0o400],
    ['server/pki_server_key.pem', 0o600],
    ['admin-cli/key.pem', 0o600],
  ];
  for (const [file, mode] of modes) assert.equal((await stat(join(directory, file))).mode & 0o777, mode, file);
});

test('no CA key and no passphrase lies in clear anywhere in the folder', async (t) => {
  const { directory } = await newPki(t);
  for (const [file, text] of Object.entries(await contents(directory))) {
    assert.ok(!text.includes('a passphrase for tests'), file);
    const isPlainKey = /-----BEGIN (EC |RSA )?PRIVATE KEY-----/.test(text);
    assert.equal(isPlainKey, /(server|admin-cli)[\\/]/.test(file) && file.endsWith('key.pem'), file);
  }
});

test('init never overwrites: a second one changes no octet', async (t) => {
  const { directory } = await newPki(t);
  const before = await contents(directory);
  await assert.rejects(init(directory), AlreadyInitializedError);
  assert.deepEqual(await contents(directory), before);
});

test('what an interrupted init left is named and not touched; without it init runs again', async (t) => {
  const directory = await temporaryDirectory(t);
  // Cut off before its last file: the copy of the root certificate.
  const { files } = await init(directory);
  await rm(join(directory, 'root_ca.pem'));
  assert.equal(await isInitialized(directory), false);
  const before = await contents(directory);
  const leftovers = [
    'root/root_ca_key.pem',
    'intermediate/intermediate_ca.pem',
    'intermediate/intermediate_ca_key.pem',
  ];
  await assert.rejects(init(directory), (error: Error) => {
    assert.ok(error instanceof AlreadyInitializedError);
    for (const file of leftovers) assert.ok(error.message.includes(join(directory, file)), `${file}: ${error.message}`);
    return true;
  });
  assert.deepEqual(await contents(directory), before);
  const named = await namedLeftovers(directory);
  for (const file of named) await rm(file);
  const again = await init(directory);
  assert.ok(again.files.length > 0 && files.length > 0);
});

/** The files that the error says to delete: doing so must be enough. */
async function namedLeftovers(directory: string): Promise<string[]> {
  const error: unknown = await init(directory).catch((thrown: unknown) => thrown);
  return (error as Error).message
    .split('\n')
    .slice(1)
    .map((line) => line.trim());
}

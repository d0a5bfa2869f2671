import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmod, readFile, rename, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { ConfigError, startServer, systemClock } from '@vcc-pki/server';
import { SignerError } from '@vcc-pki/signer';
import { freePorts } from '../support/free-ports.ts';
import { type RunningPki, runningPki } from '../support/running-pki.ts';
import { sharedPki } from '../support/shared-pki.ts';

function start(pki: RunningPki, changes: Partial<Parameters<typeof startServer>[0]> = {}) {
  const { directory, passphrase } = pki;
  return startServer({ directory, passphrase, clock: systemClock, logTo: { write: () => {} }, ...changes });
}

describe('starting', () => {
  /** A PKI that was made and whose server is not running; each test leaves it as it was. */
  const stopped = sharedPki();
  before(() => stopped().server().close());

  test('a wrong passphrase is a clear error, and nothing is left open', async () => {
    const pki = stopped();
    const passphrase = new TextEncoder().encode('not this one');
    await assert.rejects(start(pki, { passphrase }), (error) => {
      assert.ok(error instanceof SignerError);
      assert.equal(error.code, 'wrongPassphrase');
      assert.doesNotMatch(error.message, /not this one/);
      return true;
    });
    const server = await start(pki);
    await server.close();
  });

  test('a port that is taken is a clear error, whichever it is, and the ledger is free again', async () => {
    const pki = stopped();
    const [port, publicPort] = (await freePorts(2)) as [number, number];
    for (const taken of [port, publicPort]) {
      const other = createServer().listen(taken, '127.0.0.1');
      await once(other, 'listening');
      await assert.rejects(start(pki, { port, publicPort }), { code: 'EADDRINUSE', port: taken });
      other.close();
      await once(other, 'close');
    }
    const server = await start(pki, { port, publicPort });
    await server.close();
  });

  for (const file of ['intermediate/intermediate_ca_key.pem', 'intermediate/intermediate_ca.pem', 'root_ca.pem']) {
    test(`without ${file} the server does not start, and names it`, async () => {
      const pki = stopped();
      await rename(join(pki.directory, file), join(pki.directory, `${file}.away`));
      await assert.rejects(start(pki), (error: Error) => {
        assert.ok(error.message.includes(file), error.message);
        return true;
      });
      await rename(join(pki.directory, `${file}.away`), join(pki.directory, file));
      await (await start(pki)).close();
    });
  }

  test('a key file that others may read is refused', {
    skip: process.platform === 'win32' && 'no file modes here',
  }, async () => {
    const pki = stopped();
    const file = join(pki.directory, 'intermediate/intermediate_ca_key.pem');
    await chmod(file, 0o644);
    await assert.rejects(start(pki), { code: 'fileMode' });
    await chmod(file, 0o400);
  });

  test('the key of another CA is refused', async (t) => {
    const pki = stopped();
    const other = await runningPki(t);
    const key = await readFile(join(other.directory, 'intermediate/intermediate_ca_key.pem'));
    const file = join(pki.directory, 'intermediate/intermediate_ca_key.pem');
    await rename(file, `${file}.away`);
    await writeFile(file, key, { mode: 0o400 });
    await assert.rejects(start(pki), { code: 'keyMismatch' });
    await rename(`${file}.away`, file);
  });

  test('a configuration that is not in order is refused with every finding', async () => {
    const pki = stopped();
    const file = join(pki.directory, 'config/pki_config.yaml');
    const text = await readFile(file, 'utf8');
    await writeFile(
      file,
      text.replace('log_level: info', 'log_level: loud').replace('max_body_bytes:', 'max_body_size:'),
    );
    await assert.rejects(start(pki), (error) => {
      assert.ok(error instanceof ConfigError);
      assert.match(error.message, /log_level/);
      assert.match(error.message, /max_body_size/);
      return true;
    });
    await writeFile(file, text);
  });
});

test('a second server on the same SQLite ledger is refused while the first runs', async (t) => {
  const pki = await runningPki(t);
  const [port, publicPort] = (await freePorts(2)) as [number, number];
  await assert.rejects(start(pki, { port, publicPort }), /in use/);
  assert.equal((await pki.call('GET', '/ready', { as: null })).status, 200, 'the first is not disturbed');
  await pki.server().close();
  await (await start(pki, { port, publicPort })).close();
});

test('the server says whether the root key still lies beside its data', async (t) => {
  const pki = await runningPki(t);
  assert.equal(pki.server().rootKeyPresent, true);
  await rename(join(pki.directory, 'root'), join(pki.directory, 'carried-away'));
  await pki.restart();
  assert.equal(pki.server().rootKeyPresent, false);
  assert.equal((await pki.issueFor('veritas-backend')).answer.status, 201, 'it is not needed');
});

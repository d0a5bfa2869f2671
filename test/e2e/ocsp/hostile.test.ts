import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type OcspExchange, ocspClient, serialOf, statusOf } from '../../support/ocsp-client.ts';
import { runProgram } from '../../support/run-program.ts';
import { sharedPki } from '../../support/shared-pki.ts';
import { skipWithout, systemProgram } from '../../support/system-program.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

/** Requests, responses, certificates and more: whatever is sent, it is a request or it is not. */
const folder = process.env['VCC_PKI_VECTORS'] ?? join(import.meta.dirname, '../../../../shared/vectors');
const malformed = join(folder, 'malformed');
const kinds = ['ocsp-req', 'ocsp-resp', 'asn1'];

/** Far more than any takes; a request that takes long is a way to stop the server. */
const limitMs = 1_000;

describe('hostile OCSP requests', () => {
  const pki = sharedPki();

  /** Every answer is one: a status of RFC 6960, with HTTP status 200, soon. */
  async function check(name: string, send: () => Promise<OcspExchange>): Promise<string> {
    const start = performance.now();
    const { status, headers, der } = await send();
    assert.ok(performance.now() - start < limitMs, `${name} took ${performance.now() - start} ms`);
    assert.equal(status, 200, name);
    assert.equal(headers['content-type'], 'application/ocsp-response', name);
    const said = statusOf(der);
    assert.ok(said !== 'internalError' && said !== 'tryLater', `${name}: ${said}`);
    return said;
  }

  test('every malformed vector is answered with an OCSP error', {
    skip: existsSync(malformed) ? false : `no test vectors in ${malformed}`,
  }, async () => {
    const client = ocspClient(pki());
    let sent = 0;
    for (const kind of kinds) {
      for (const file of await readdir(join(malformed, kind))) {
        const octets = await readFile(join(malformed, kind, file));
        const said = await check(file, () => client.post(octets));
        assert.ok(said === 'malformedRequest' || said === 'unauthorized', `${file}: ${said}`);
        if (octets.length < 4000) await check(file, () => client.get(encodeURIComponent(octets.toString('base64'))));
        sent += 1;
      }
    }
    assert.ok(sent > 10);
  });

  test('a request with any octet changed, cut or added is answered', async () => {
    const client = ocspClient(pki());
    const serial = serialOf(await pki().issueFor('veritas-backend'));
    const original = Buffer.from(client.request(serial, { nonce: new Uint8Array(32) }));
    const mutated = fc
      .record({
        at: fc.nat(original.length - 1),
        octets: fc.uint8Array({ maxLength: 4 }),
        remove: fc.nat(4),
      })
      .map(({ at, octets, remove }) =>
        Buffer.concat([original.subarray(0, at), octets, original.subarray(at + remove)]),
      );
    await fc.assert(
      fc.asyncProperty(mutated, fc.boolean(), async (der, byGet) => {
        await check(der.toString('hex'), () =>
          byGet ? client.get(encodeURIComponent(der.toString('base64'))) : client.post(der),
        );
      }),
      { numRuns: 500 },
    );
  });

  test('random octets are no request', async () => {
    const client = ocspClient(pki());
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), async (octets) => {
        assert.equal(await check(Buffer.from(octets).toString('hex'), () => client.post(octets)), 'malformedRequest');
      }),
      { numRuns: 300 },
    );
  });

  test('deep nesting and great lengths cost nothing', async () => {
    const client = ocspClient(pki());
    const nested = Buffer.alloc(8000, 0x30);
    const long = Buffer.from('3084ffffffff', 'hex');
    const indefinite = Buffer.from('3080308030800000', 'hex');
    const hugeOid = Buffer.concat([Buffer.from('30821f00', 'hex'), Buffer.alloc(0x1f00, 0x86)]);
    for (const octets of [nested, long, indefinite, hugeOid]) {
      assert.equal(await check(octets.toString('hex', 0, 8), () => client.post(octets)), 'malformedRequest');
    }
  });

  test('thirty megabytes are refused at their beginning, and the connection is closed', {
    skip: skipWithout('curl'),
  }, async (t) => {
    const folder = await temporaryDirectory(t);
    await writeFile(join(folder, 'large.der'), Buffer.alloc(30_000_000, 0x30));
    for (const length of ['Expect:', 'Transfer-Encoding: chunked']) {
      const said = ['--write-out', '%{http_code} %{size_upload}', '--dump-header', 'head', '--output', 'answer.der'];
      const sent = ['-H', 'Expect:', '-H', length, '-H', 'Content-Type: application/ocsp-request'];
      const args = ['--silent', ...said, ...sent, '--data-binary', '@large.der', `${pki().publicUrl}/ocsp`];
      const { stdout } = await runProgram(systemProgram('curl'), args, { cwd: folder });
      const [status, uploaded] = stdout.split(' ').map(Number);
      assert.equal(status, 200, length);
      // What the buffers of both ends hold has left the sender before anybody can refuse it.
      assert.ok((uploaded ?? 0) < 15_000_000, `${uploaded} octets were taken`);
      assert.equal(statusOf(await readFile(join(folder, 'answer.der'))), 'malformedRequest');
      assert.match(await readFile(join(folder, 'head'), 'utf8'), /^connection: close\r$/im);
    }
  });

  test('the server is as well as before', async () => {
    const ready = await pki().call('GET', '/ready', { as: null });
    assert.equal(ready.status, 200);
    assert.ok(!pki().log.some((line) => line.includes('could not be answered') || line.includes('request failed')));
  });
});

import assert from 'node:assert/strict';
import { connect as connectTcp, type Socket } from 'node:net';
import { describe, test } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { sharedPki } from '../support/shared-pki.ts';

const limitSeconds = 1;

const json = 'Content-Type: application/json';
const ocsp = 'Content-Type: application/ocsp-request';

/** The server looks every second; the rest is for busy machines. Node left to itself needs one to one and a half minutes. */
const latestMs = 20_000;

describe('a request that does not come to its end within request_timeout_seconds', { concurrency: true }, () => {
  const shared = sharedPki(() => ({
    configure: (_name, text) =>
      text.replace(/request_timeout_seconds: \d+/, `request_timeout_seconds: ${limitSeconds}`),
  }));
  const overTls = (): Socket => connectTls({ port: shared().port, ca: shared().rootPem, servername: 'localhost' });
  const overTcp = (): Socket => connectTcp({ port: shared().publicPort });

  for (const [what, open, octets] of [
    ['a body, API', overTls, `POST /api/v1/enroll HTTP/1.1\r\nHost: x\r\n${json}\r\nContent-Length: 10\r\n\r\n{`],
    ['header fields, API', overTls, 'POST /api/v1/enroll HTTP/1.1\r\nHost: x\r\nX-Slow:'],
    ['a body, public', overTcp, `POST /ocsp/x HTTP/1.1\r\nHost: x\r\n${ocsp}\r\nContent-Length: 10\r\n\r\n0`],
    ['header fields, public', overTcp, 'GET /health HTTP/1.1\r\nHost: x\r\nX-Slow:'],
  ] as const) {
    test(`is answered 408 (${what})`, async () => {
      const start = performance.now();
      const socket = open();
      socket.write(octets);
      const answer = Buffer.concat(await socket.toArray()).toString();
      const tookMs = performance.now() - start;
      assert.match(answer, /^HTTP\/1\.1 408 [\s\S]*application\/problem\+json[\s\S]*"code":"requestTimeout"/);
      assert.ok(tookMs >= limitSeconds * 1000 && tookMs < latestMs, `${tookMs.toFixed(0)} ms`);
    });
  }
});

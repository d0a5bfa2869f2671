import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { PkiError, toProblem } from '@vcc-pki/api';

/** Answers octets that are no HTTP request, or come too slowly to be one, with a problem like every other. */
export function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  const isLate = error.code === 'ERR_HTTP_REQUEST_TIMEOUT';
  // All else is about the connection: the peer is gone, or never came through the TLS handshake, and cannot be told.
  const isAboutHttp = isLate || error.code?.startsWith('HPE_') === true;
  if (!isAboutHttp || !socket.writable) {
    socket.destroy();
    return;
  }
  const detail = isLate ? 'the request did not arrive in time' : 'these octets are not an HTTP/1.1 request';
  const body = JSON.stringify(toProblem(new PkiError('malformed', detail), randomUUID()));
  const head = [
    'HTTP/1.1 400 Bad Request',
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  socket.destroySoon();
}

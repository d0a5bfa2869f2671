import { randomUUID } from 'node:crypto';
import { maxHeaderSize, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { PkiError, toProblem } from '@vcc-pki/api';

/** Answers octets that are no HTTP request, or come too slowly to be one, with a problem like every other. */
export function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  const refusal = refusalOf(error.code);
  if (refusal === undefined || !socket.writable) {
    socket.destroy();
    return;
  }
  const problem = toProblem(refusal, randomUUID());
  const body = JSON.stringify(problem);
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  socket.destroySoon();
}

function refusalOf(code = ''): PkiError | undefined {
  if (code === 'HPE_HEADER_OVERFLOW') {
    const detail = `the header fields and the URL have more than ${maxHeaderSize} octets`;
    return new PkiError('headersTooLarge', detail);
  }
  // RFC 9110 s15.5.9
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return new PkiError('requestTimeout', 'the connection was open, and the request not there to its end');
  }
  if (code.startsWith('HPE_')) return new PkiError('malformed', 'these octets are not an HTTP/1.1 request');
  // All else is about the connection: the peer is gone, or never came through the TLS handshake, and cannot be told.
  return undefined;
}

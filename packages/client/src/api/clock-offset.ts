import { ClientError } from '../client-error.ts';
import { toTimestamp } from '../time-text.ts';
import { TlsTransport } from './transport.ts';

/** Time that a look at an unverified clock may take: it only completes the text of an error. */
const lookMs = 3000;

/** The time that the Date header of an answer states (RFC 9110 s6.6.1), whole seconds; undefined when it states none. */
export function dateOf(headers: Readonly<Record<string, string | string[] | undefined>>): number | undefined {
  const { date } = headers;
  const time = typeof date === 'string' ? Date.parse(date) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}

/**
 * The error for a handshake that failed over the time, with both clocks in its text.
 *
 * The server cannot be verified while the clocks disagree, so its Date header is read unverified, on a connection that
 * shows no certificate; it is told to a person and used for nothing else.
 */
export async function clockSkewError(origin: string, now: number, cause: unknown): Promise<ClientError> {
  const theirs = await unverifiedDate(origin);
  const told = theirs === undefined ? 'its clock could not be read' : `its clock says ${toTimestamp(theirs)}`;
  return new ClientError(
    'clockSkew',
    `the certificate of ${origin} is not valid at this time: the clock of this machine says ${toTimestamp(now)}, ${told}`,
    { advice: 'Set the wrong clock of the two; when both are right, renew the certificate of the server.', cause },
  );
}

async function unverifiedDate(origin: string): Promise<number | undefined> {
  const transport = new TlsTransport('anybody', undefined, { connectTimeoutMs: lookMs, answerTimeoutMs: lookMs });
  try {
    const request = {
      origin,
      path: '/api/v1/health',
      method: 'GET',
      headers: {},
      signal: AbortSignal.timeout(lookMs),
    } as const;
    return dateOf((await transport.send(request)).headers);
  } catch {
    // The text then says that the clock could not be read; the failure that is told is the one before.
    return undefined;
  } finally {
    await transport.close();
  }
}

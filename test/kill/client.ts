import { Agent } from 'undici';
import { type Answer, callThrough } from '../support/call-api.ts';
import type { RunningPki } from '../support/running-pki.ts';
import type { Journal } from './journal.ts';
import { bodyOf, requestPath } from './tickets.ts';

export interface ClientOptions {
  readonly pki: Pick<RunningPki, 'rootPem' | 'admin'>;
  readonly apiUrl: string;
  readonly csrs: readonly string[];
  readonly journal: Journal;
}

/** The administrator over mTLS, who writes down what is asked and answered. */
export class Client {
  readonly #options: ClientOptions;
  readonly #agent: Agent;

  constructor(options: ClientOptions) {
    const { rootPem, admin } = options.pki;
    this.#options = options;
    this.#agent = new Agent({ connect: { ca: rootPem, cert: admin.cert, key: admin.key } });
  }

  /** Requests a certificate under a ticket; rejects when no answer comes. */
  async ask(ticket: string): Promise<void> {
    const { apiUrl, csrs, journal } = this.#options;
    journal.write({ kind: 'asked', ticket });
    const answer = await callThrough(this.#agent, `${apiUrl}${requestPath}`, {
      method: 'POST',
      body: bodyOf(ticket, csrs),
      headers: { 'idempotency-key': ticket },
    });
    journal.write(answer.status === 201 ? answered(ticket, answer) : { kind: 'failed', ticket, why: answer.text });
  }

  /** The CRL in DER. */
  async crl(): Promise<Uint8Array> {
    const url = `${this.#options.apiUrl}/api/v1/crl`;
    return (await callThrough(this.#agent, url, { method: 'GET', headers: { accept: 'application/pkix-crl' } })).bytes;
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
    this.#options.journal.close();
  }
}

function answered(ticket: string, answer: Answer) {
  return {
    kind: 'answered',
    ticket,
    certificateId: `${answer.body['certificate_id']}`,
    fingerprint: `${answer.body['fingerprint_sha256']}`,
    replayed: answer.headers['idempotency-replayed'] === 'true',
  } as const;
}

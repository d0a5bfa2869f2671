import { parsePem } from '@vcc-pki/asn1';
import { ApiConnection, ChangeFeed } from '@vcc-pki/client';
import { parseCertificate, RevocationSnapshot } from '@vcc-pki/x509';
import type { BenchPki } from '../support/bench-pki.ts';
import type { Progress, Report } from '../support/benchmark.ts';
import { Connection } from '../support/load.ts';
import { percentile, rounded } from '../support/statistics.ts';
import type { Member } from './newcomers.ts';

const clients = 200;
const revocations = 30;

/**
 * Certificates are revoked one after another while 200 clients hold the revocation snapshot and follow the change feed.
 * Measured is the time from the administrator's request to the moment in which a client would refuse the certificate;
 * the clients are in one process, so the last of the 200 waits for the signatures of all of them to be verified.
 */
export async function measureRefusals(
  options: { readonly pki: BenchPki; readonly apiUrl: string; readonly members: readonly Member[] },
  progress: Progress,
): Promise<Report> {
  const { pki, apiUrl, members } = options;
  const readers = await Promise.all(members.slice(0, clients).map((member) => Reader.open(member, { pki, apiUrl })));
  progress(`${clients} clients follow the feed`);
  const admin = new Connection(apiUrl, { ca: pki.rootPem, identity: pki.admin });
  const latenciesMs: number[] = [];
  for (const victim of members.slice(clients, clients + revocations)) {
    const { serialNumber } = parseCertificate(firstDer(victim.cert));
    const start = performance.now();
    const refusals = readers.map(async (reader) => {
      await reader.untilRevoked(serialNumber);
      latenciesMs.push(performance.now() - start);
    });
    await admin.send({
      method: 'DELETE',
      path: `/api/v1/certificates/${victim.certificateId}/revoke?reason=superseded`,
    });
    await Promise.all(refusals);
  }
  await Promise.all([admin.close(), ...readers.map((reader) => reader.close())]);
  const p99 = percentile(latenciesMs, 99);
  progress(`revoke to refusal: p99 ${p99.toFixed(0)} ms`);
  return {
    refusal_clients: clients,
    refusal_p50_ms: rounded(percentile(latenciesMs, 50)),
    refusal_p99_ms: rounded(p99),
    refusal_max_ms: rounded(percentile(latenciesMs, 100)),
  };
}

/** A client as the library has it: one connection, the feed, the snapshot. */
class Reader {
  readonly #connection: ApiConnection;
  readonly #feed: ChangeFeed;
  readonly #snapshot: RevocationSnapshot;
  #wake = Promise.withResolvers<void>();

  private constructor(connection: ApiConnection, feed: ChangeFeed, snapshot: RevocationSnapshot) {
    this.#connection = connection;
    this.#feed = feed;
    this.#snapshot = snapshot;
    feed.on('revocation', (base64) => {
      this.#take(base64).catch((error: unknown) => this.#wake.reject(error));
    });
  }

  static async open(member: Member, { pki, apiUrl }: { pki: BenchPki; apiUrl: string }): Promise<Reader> {
    const client = { certificatePem: member.cert, keyPem: member.key };
    const connection = new ApiConnection({ origin: apiUrl, trustedPem: pki.rootPem, client });
    const feed = new ChangeFeed(() => connection, ['revocation']);
    const connected = new Promise((resolve) => feed.once('connected', resolve));
    feed.start();
    await connected;
    const der = await connection.fetch('getRevocationSnapshot');
    const issuer = parsePem(member.cert)[1]?.der ?? new Uint8Array(0);
    return new Reader(connection, feed, await RevocationSnapshot.open(der, { issuer, at: Date.now() }));
  }

  async untilRevoked(serialNumber: Uint8Array): Promise<void> {
    while (!this.#snapshot.isRevoked(serialNumber)) await this.#wake.promise;
  }

  async close(): Promise<void> {
    await this.#feed.stop();
    await this.#connection.close();
  }

  async #take(base64: string): Promise<void> {
    await this.#snapshot.apply(Buffer.from(base64, 'base64'), Date.now());
    this.#wake.resolve();
    this.#wake = Promise.withResolvers();
  }
}

function firstDer(pem: string): Uint8Array {
  return parsePem(pem)[0]?.der ?? new Uint8Array(0);
}

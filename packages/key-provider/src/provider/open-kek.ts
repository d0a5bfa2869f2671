import { randomBytes } from 'node:crypto';
import { parsePem } from '@vcc-pki/asn1';
import { generateDeliveryKey, KekError, type KekKem, openDelivery, signDeliveryRequest } from '@vcc-pki/kek';
import type { Certificate } from '@vcc-pki/x509';
import { KeyError } from '../key-error.ts';
import { KekHandle } from '../keys/kek-handle.ts';
import type { SecretMemory } from '../keys/secret-memory.ts';
import type { KekRecord } from './kek-record.ts';
import type { KekServer, ServiceIdentity } from './kek-server.ts';
import { validateKek } from './validate-kek.ts';

export interface KekOpenerOptions {
  readonly server: KekServer;
  /** Asked for at each request: the certificate may have been renewed. */
  readonly identity: () => ServiceIdentity;
  readonly trustAnchors: readonly Uint8Array[];
  /** Of the key to which deliveries are sealed. */
  readonly kem: KekKem;
  /** Names this process among those of the service. */
  readonly instance: string;
  readonly now: () => number;
  readonly memory?: SecretMemory | undefined;
}

/** A version that was delivered, validated and proved to be the certified one. */
export interface OpenedVersion {
  readonly handle: KekHandle;
  readonly certificateDer: Uint8Array;
  readonly certificate: Certificate;
  readonly issuer: Certificate;
  readonly crlPoint: string | undefined;
  readonly intermediates: readonly Uint8Array[];
  readonly crlNextUpdateMs: number | undefined;
  readonly isRevoked: boolean;
}

/** Has KEKs delivered: sealed to a key that only this process has, on a request that only this service can sign. */
export class KekOpener {
  readonly #options: KekOpenerOptions;
  #key: ReturnType<typeof generateDeliveryKey> | undefined;

  constructor(options: KekOpenerOptions) {
    this.#options = options;
  }

  /**
   * @throws {@link KeyError} `KEK_NOT_VALIDATED` for what is no reason to try again, `KEK_REVOKED`; those of the server
   */
  async open(
    record: KekRecord,
    { crls, acceptRevoked, signal }: { crls: readonly Uint8Array[]; acceptRevoked: boolean; signal: AbortSignal },
  ): Promise<OpenedVersion> {
    const { server, kem, instance, trustAnchors, now } = this.#options;
    const identity = this.#options.identity();
    this.#key ??= generateDeliveryKey(kem);
    const { publicKey, privateKey } = await this.#key;
    const nonce = new Uint8Array(randomBytes(32));
    const request = await signDeliveryRequest(
      { kekId: record.id, kem, publicKey, nonce, instance },
      { ...identity, now: now() },
    );
    const delivery = await server.openKek(record.id, { request, accept_compromised: acceptRevoked }, signal);
    const certificateDer = derOf(delivery.certificate_pem)[0];
    if (certificateDer === undefined || delivery.kem !== kem)
      throw refusal(record, 'the delivery is not what was asked for');
    const intermediates = derOf(delivery.chain_pem);
    const validation = await validateKek({
      certificateDer,
      intermediates,
      trustAnchors,
      crls,
      nowMs: now(),
      acceptRevoked,
    });
    checkIdentity(record, validation.facts);
    const binding = {
      kekId: record.id,
      kekCertificate: certificateDer,
      clientCertificate: identity.certificate,
      ...{ kem, publicKey, nonce },
    };
    const opened = await unseal(record, () =>
      openDelivery(binding, {
        enc: octets(delivery.enc),
        ciphertext: octets(delivery.ciphertext),
        policy: delivery.policy,
        privateKey,
      }),
    );
    try {
      const { lineName, lineId, version } = record;
      const { memory } = this.#options;
      const { root, kexPrivateKey, facts } = opened;
      const handle = new KekHandle({ lineName, lineId, version, root, kexPrivateKey, kem: facts.kem, memory });
      return { handle, certificateDer, intermediates, ...validation };
    } finally {
      opened.root.fill(0);
    }
  }
}

/** The certificate must be that of the version that was asked for, whatever the server lists. */
function checkIdentity(record: KekRecord, facts: { line: string; lineId: number; version: number }): void {
  const isSame = facts.line === record.lineName && facts.lineId === record.lineId && facts.version === record.version;
  if (!isSame) throw refusal(record, 'the certificate is that of another version');
}

async function unseal<Value>(record: KekRecord, open: () => Promise<Value>): Promise<Value> {
  try {
    return await open();
  } catch (cause) {
    if (cause instanceof KekError) throw refusal(record, cause.message, cause);
    throw cause;
  }
}

function refusal({ lineName, version }: KekRecord, detail: string, cause?: unknown): KeyError {
  return new KeyError('KEK_NOT_VALIDATED', detail, { kekLine: lineName, kekVersion: version, cause });
}

function derOf(pem: string): Uint8Array[] {
  return parsePem(pem).map(({ der }) => der);
}

function octets(base64url: string): Uint8Array {
  return new Uint8Array(Buffer.from(base64url, 'base64url'));
}

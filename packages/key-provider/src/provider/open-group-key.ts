import { randomBytes } from 'node:crypto';
import { PkiError } from '@vcc-pki/api';
import { parsePem } from '@vcc-pki/asn1';
import {
  type GroupKeyName,
  generateDeliveryKey,
  groupKeyId,
  KekError,
  openGroupDelivery,
  signGroupDeliveryRequest,
} from '@vcc-pki/kek';
import { PathError, verifyCertificationPath } from '@vcc-pki/x509';
import { KeyError } from '../key-error.ts';
import type { KekOpenerOptions } from './open-kek.ts';

/** A key that was delivered, and is that of the PKI. */
export interface OpenedGroupKey {
  /** 32 octets, the caller's to erase. */
  readonly key: Uint8Array;
  readonly keyId: string;
}

/** Has keys of groups delivered, as {@link KekOpener} has KEKs. */
export class GroupKeyOpener {
  readonly #options: Omit<KekOpenerOptions, 'memory'>;
  #key: ReturnType<typeof generateDeliveryKey> | undefined;

  constructor(options: Omit<KekOpenerOptions, 'memory'>) {
    this.#options = options;
  }

  /** @throws {@link KeyError} `GROUP_DENIED`, `KEK_NOT_VALIDATED`; those of the server */
  async open(name: GroupKeyName, signal: AbortSignal): Promise<OpenedGroupKey> {
    const { server, kem, instance, now } = this.#options;
    const identity = this.#options.identity();
    this.#key ??= generateDeliveryKey(kem);
    const { publicKey, privateKey } = await this.#key;
    const receiver = { kem, publicKey, nonce: new Uint8Array(randomBytes(32)) };
    const request = await signGroupDeliveryRequest({ ...name, ...receiver, instance }, { ...identity, now: now() });
    const delivery = await orDenied(name, () => server.openGroup(name, { epoch: name.epoch, request }, signal));
    const signer = parsePem(delivery.signer_pem)[0]?.der ?? new Uint8Array(0);
    return orNotValidated(name, async () => {
      await this.#checkSigner(signer, delivery.chain_pem);
      const key = await openGroupDelivery(
        { ...name, ...receiver, clientCertificate: identity.certificate },
        {
          enc: octets(delivery.enc),
          ciphertext: octets(delivery.ciphertext),
          signature: octets(delivery.signature),
          policy: delivery.policy,
          ...{ privateKey, signer },
        },
      );
      const keyId = groupKeyId(key);
      if (keyId === delivery.policy.key_id) return { key, keyId };
      key.fill(0);
      throw new KekError('badDelivery', 'the delivered key is another one than its name says');
    });
  }

  /** The servers of the PKI alone have certificates for this purpose, and ask nobody whether they hold (ocsp-nocheck). */
  async #checkSigner(endEntity: Uint8Array, chainPem: string): Promise<void> {
    await verifyCertificationPath({
      endEntity,
      intermediates: parsePem(chainPem).map(({ der }) => der),
      trustAnchors: this.#options.trustAnchors,
      purpose: 'ocspSigning',
      at: this.#options.now(),
      revocation: 'none',
    });
  }
}

/** Who is no member, and what has no key to be delivered. */
async function orDenied<Value>(name: GroupKeyName, ask: () => Promise<Value>): Promise<Value> {
  try {
    return await ask();
  } catch (cause) {
    if (!(cause instanceof PkiError && ['forbidden', 'notFound', 'conflict'].includes(cause.code))) throw cause;
    const detail = `${name.group} in epoch ${name.epoch}: ${cause.message}`;
    throw new KeyError('GROUP_DENIED', detail, { kekLine: name.line, cause });
  }
}

/** Whatever is wrong with what came is never a reason to try again. */
async function orNotValidated<Value>(name: GroupKeyName, open: () => Promise<Value>): Promise<Value> {
  try {
    return await open();
  } catch (cause) {
    const isKnown = cause instanceof KekError || cause instanceof PathError;
    const isMalformed = cause instanceof Error && /^(Der|X509)Error$/.test(cause.name);
    if (!isKnown && !isMalformed) throw cause;
    const detail = `the key of ${name.group} in epoch ${name.epoch}: ${cause.message}`;
    throw new KeyError('KEK_NOT_VALIDATED', detail, { kekLine: name.line, cause });
  }
}

function octets(base64url: string): Uint8Array {
  return new Uint8Array(Buffer.from(base64url, 'base64url'));
}

import { createHash } from 'node:crypto';
import type { Signer } from '@vcc-pki/signer';
import {
  buildTbsRevocationSnapshot,
  encodeRevocationSnapshot,
  type RevocationSnapshotContent,
  updateInSlices,
} from '@vcc-pki/x509';
import type { Clock } from '../clock.ts';

/** A key that may speak about the issuer's certificates, and the certificate that says so (RFC 6960 s4.2.2.2). */
export interface SnapshotCredential {
  readonly signer: Signer;
  /** DER; sent along. */
  readonly certificate: Uint8Array;
  readonly notAfter: number;
}

export interface SnapshotSignerOptions {
  readonly clock: Clock;
  /** subjectKeyIdentifier of the issuer. */
  readonly issuerKeyId: Uint8Array;
  readonly credential: () => Promise<SnapshotCredential>;
  /** From now to nextUpdate. */
  readonly validityMs: number;
}

/** A snapshot or delta as it is handed out. */
export interface SignedSnapshot {
  readonly der: Uint8Array;
  readonly revision: number;
  readonly thisUpdate: number;
  readonly nextUpdate: number;
  /** Lower-case hex. */
  readonly sha256: string;
}

export type SnapshotSigner = (
  content: Pick<RevocationSnapshotContent, 'kind' | 'fromRevision' | 'revision' | 'entries'>,
) => Promise<SignedSnapshot>;

/** Signs snapshots with the key of the OCSP responder, on a thread of libuv's. */
export function snapshotSigner({ clock, issuerKeyId, credential, validityMs }: SnapshotSignerOptions): SnapshotSigner {
  return async (content) => {
    const { signer, certificate, notAfter } = await credential();
    const now = clock.now();
    const thisUpdate = wholeSeconds(now);
    // It ends with the certificate of its signer at the latest.
    const nextUpdate = wholeSeconds(Math.min(now + validityMs, notAfter));
    const tbsDer = buildTbsRevocationSnapshot({ issuerKeyId, ...content, thisUpdate, nextUpdate });
    const signature = await signer.sign(tbsDer);
    const { signatureAlgorithm } = signer;
    const der = encodeRevocationSnapshot({ tbsDer, signatureAlgorithm, signature, certificates: [certificate] });
    const sha256 = (await updateInSlices(createHash('sha256'), der)).digest('hex');
    return { der, revision: content.revision, thisUpdate, nextUpdate, sha256 };
  };
}

function wholeSeconds(timeMs: number): number {
  return Math.floor(timeMs / 1000) * 1000;
}

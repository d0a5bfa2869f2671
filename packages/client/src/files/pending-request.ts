import { type CertificateMaterial, isMaterial } from './certificate-material.ts';

/**
 * A request that is on its way, with the key it is for. It is on disk before the server hears of it, so a crash at any
 * moment loses neither key nor certificate: the next run sends the same request under the same Idempotency-Key, and the
 * server gives the same certificate again. Once that has come it is kept here too, until all files are in their places.
 */
export interface PendingRequest {
  /** What was asked for, as one comparable text: the next run resumes only when it asks for the same. */
  readonly wish: string;
  readonly idempotencyKey: string;
  /** JSON body, sent again to the octet. */
  readonly body: string;
  /** PKCS #8 PEM. */
  readonly keyPem: string;
  /** What came, and is being put in place. */
  readonly arrived?: CertificateMaterial;
}

/** The pending request in the text of its file, or undefined when it is none. */
export function parsePending(text: string): PendingRequest | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const pending = value as Record<keyof PendingRequest, unknown>;
  const members = [pending.wish, pending.idempotencyKey, pending.body, pending.keyPem];
  if (!members.every((member) => typeof member === 'string')) return undefined;
  if (pending.arrived !== undefined && !isMaterial(pending.arrived)) return undefined;
  return pending as PendingRequest;
}

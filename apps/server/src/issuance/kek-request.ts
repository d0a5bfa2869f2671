import { createHash } from 'node:crypto';
import type { Extension, SubjectPublicKeyInfo, Validity } from '@vcc-pki/x509';
import type { Issuer } from '../authority/issuer.ts';
import type { OrderedValidity } from './certificate-order.ts';
import { kekProfile } from './profiles.ts';
import { chooseValidity, type ValidityRules } from './validity.ts';
import type { VerifiedRequest } from './verify-csr.ts';

/** A key-encryption key that is to be certified. */
export interface KekOrder {
  /** The name under which the certificates of KEKs stand in the ledger. */
  readonly serviceId: string;
  /** The URN of line and version: common name and subjectAltName. */
  readonly uri: string;
  readonly subjectPublicKeyInfo: SubjectPublicKeyInfo;
  readonly kem: string;
  /** The private extension (docs/keks.md), which repeats the validity. */
  readonly facts: (validity: Validity) => Extension;
  readonly validity: OrderedValidity;
}

/**
 * The judge's stop for a key that this server has derived itself: a key that agrees on others cannot sign a CSR, and who
 * has made it need not be asked for proof. Validity is judged as of any other certificate.
 * @throws `PkiError` `badValidity`
 */
export function kekRequest(
  order: KekOrder,
  context: { readonly issuer: Issuer; readonly rules: ValidityRules; readonly now: number },
): VerifiedRequest {
  const { subjectPublicKeyInfo, uri } = order;
  const validity = chooseValidity(order.validity, context);
  return {
    serviceId: order.serviceId,
    commonName: uri,
    names: [{ type: 'uniformResourceIdentifier', value: uri }],
    subjectPublicKeyInfo,
    spkiSha256: createHash('sha256').update(subjectPublicKeyInfo.der).digest('hex'),
    keyType: order.kem,
    validity,
    profile: kekProfile,
    metadata: {},
    extensions: [order.facts(validity)],
  } as unknown as VerifiedRequest;
}

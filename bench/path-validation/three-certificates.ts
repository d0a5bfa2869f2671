import { createPublicKey, type KeyObject } from 'node:crypto';
import { TestCa } from '../../packages/x509/test/support/test-ca.ts';

/** A client's certificate, its issuer, the root, and a CRL of each CA; all keys P-256. */
export interface ThreeCertificates {
  readonly leaf: Uint8Array;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly intermediate: Uint8Array;
  readonly root: Uint8Array;
  readonly crls: readonly Uint8Array[];
}

const hourMs = 3_600_000;

/** Valid now: OpenSSL asks the system's clock. */
export function threeCertificates(): ThreeCertificates {
  const validity = { notBefore: Date.now() - hourMs, notAfter: Date.now() + 24 * hourMs };
  const freshness = { thisUpdate: validity.notBefore, nextUpdate: validity.notAfter };
  const root = TestCa.root('Root', validity);
  const intermediate = root.issueCa('Intermediate', validity);
  const leaf = intermediate.issue(validity);
  const entries = Array.from({ length: 100 }, (_, n) => ({
    serialNumber: Uint8Array.of(0x41, n, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1),
    revokedAt: validity.notBefore,
    reason: 'superseded' as const,
  }));
  return {
    leaf: leaf.der,
    privateKey: leaf.key.privateKey,
    publicKey: createPublicKey(leaf.key.privateKey),
    intermediate: intermediate.der,
    root: root.der,
    crls: [root.crl(freshness), intermediate.crl({ ...freshness, entries })],
  };
}

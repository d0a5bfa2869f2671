import assert from 'node:assert/strict';
import { verifyCertificationPath } from '@vcc-pki/x509';
import { Certificate, CertificateChainValidationEngine, CertificateRevocationList } from 'pkijs';
import type { ThreeCertificates } from './three-certificates.ts';

/** Verifies the path once. What a server keeps is read before; what a client sends along is read each time. */
export type Judge = () => Promise<void>;

/** Ours. It remembers the signatures of CRLs and of CAs that were good before, as it does from one client to the next. */
export function ourJudge({ leaf, intermediate, root, crls }: ThreeCertificates): Judge {
  const trustAnchors = [root];
  return async () => {
    const { revocation } = await verifyCertificationPath({
      // Copies, as if just received: nothing is known of them from the time before.
      endEntity: leaf.slice(),
      intermediates: [intermediate.slice()],
      ...{ trustAnchors, crls, at: Date.now(), purpose: 'clientAuth', revocation: 'require' },
    });
    assert.equal(revocation[0]?.status, 'good');
  };
}

/** Theirs. */
export function pkijsJudge({ leaf, intermediate, root, crls: crlDers }: ThreeCertificates): Judge {
  const trustedCerts = [Certificate.fromBER(root)];
  const crls = crlDers.map((der) => CertificateRevocationList.fromBER(der));
  return async () => {
    // The end entity stands last.
    const certs = [Certificate.fromBER(intermediate), Certificate.fromBER(leaf)];
    const engine = new CertificateChainValidationEngine({ trustedCerts, certs, crls });
    const { result, resultMessage } = await engine.verify();
    assert.ok(result, resultMessage);
  };
}

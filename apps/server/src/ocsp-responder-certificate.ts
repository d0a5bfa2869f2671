import { createSoftwareSigner, generateKey, type KeyType, signCertificateRequest } from '@vcc-pki/signer';
import { responderKeyHash } from '@vcc-pki/x509';
import type { IssuanceDeps } from './issuance/deps.ts';
import { issue } from './issuance/issue.ts';
import { ocspResponderProfile } from './issuance/profiles.ts';
import type { ResponderCredential } from './ocsp/responder-key.ts';
import { ownPolicyEntry } from './own-policy-entry.ts';
import { issuedDer } from './store/index.ts';

/** The name under which responder certificates stand in the ledger; the whitelist lets it do nothing. */
const ocspServiceId = 'pki-ocsp';

/** Every start of every server makes one, and none is revoked: far more than there are, so that no quota stops OCSP. */
const maxCertificates = 10_000;

/**
 * Makes a new key, in memory only, and issues a responder certificate for it, in the six stops like any other.
 * @throws `PkiError` as {@link issue} does.
 */
export async function makeResponderCredential(
  issuance: IssuanceDeps,
  options: { readonly keyType: KeyType; readonly validityMs: number },
): Promise<ResponderCredential> {
  const { issuer, clock, rules } = issuance;
  const privateKey = await generateKey(options.keyType);
  // Near the end of the issuer's life its responder ends with it.
  const validityMs = Math.min(options.validityMs, issuer.certificate.validity.notAfter - clock.now());
  const { certificate } = await issue(issuance, {
    order: {
      serviceId: ocspServiceId,
      names: [],
      csr: await signCertificateRequest(privateKey),
      validity: { lengthMs: validityMs, field: 'ocsp.responder_validity_days' },
      profile: ocspResponderProfile,
    },
    entry: ownPolicyEntry({
      ...{ serviceId: ocspServiceId, names: [], keyType: options.keyType, maxCertificates },
      validityMs: options.validityMs,
      trustDomain: rules.trustDomain,
    }),
    origin: { fingerprint: null, clientIp: null, requestId: null, serviceId: ocspServiceId },
    isOwn: true,
    isForServer: true,
  });
  const { notBefore, notAfter } = certificate;
  const signer = createSoftwareSigner(privateKey);
  return {
    signer,
    certificate: issuedDer(certificate),
    keyHash: responderKeyHash(signer.publicKey),
    notBefore,
    notAfter,
  };
}

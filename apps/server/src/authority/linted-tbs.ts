import { PkiError } from '@vcc-pki/api';
import { type Finding, lintCertificate, lintCrl } from '@vcc-pki/lint';
import { encodeSigned, type TbsCertificate } from '@vcc-pki/x509';
import type { SigningIssuer } from './issuer.ts';

/** What is to be signed, and how its signature is put around it. */
export interface Draft {
  readonly tbsDer: Uint8Array;
  /** @returns the signed object in DER. */
  complete(signature: Uint8Array): Uint8Array;
}

/**
 * Bytes that every lint rule has passed, good for one signature by one issuer.
 * Only the functions `proofread…` of this room make it, so nothing that was not linted can reach a CA key.
 */
export class LintedTbs {
  readonly der: Uint8Array;
  readonly #draft: Draft;
  readonly #issuerId: string;
  #redeemed = false;

  private constructor(draft: Draft, issuerId: string) {
    this.der = draft.tbsDer;
    this.#draft = draft;
    this.#issuerId = issuerId;
  }

  /** Gives the draft to the issuer it was linted for, once. @throws {@link PkiError} `serverInternal` otherwise. */
  redeem(issuer: SigningIssuer): Draft {
    if (this.#redeemed) throw new PkiError('serverInternal', 'linted bytes were to be signed a second time');
    if (issuer.issuerId !== this.#issuerId) throw new PkiError('serverInternal', 'linted for another issuer');
    this.#redeemed = true;
    return this.#draft;
  }

  /** @internal for the functions `proofread…`. */
  static afterLint(draft: Draft, findings: readonly Finding[], issuer: SigningIssuer): LintedTbs {
    refuseErrors(findings);
    return new LintedTbs(draft, issuer.issuerId);
  }
}

/** @throws {@link PkiError} `serverInternal` when there is an error among the findings. */
export function refuseErrors(findings: readonly Finding[]): void {
  const errors = findings.filter((finding) => finding.severity === 'error');
  if (errors.length === 0) return;
  // Our own bug, not the caller's: the judge let something through or the drafter drew it wrongly.
  const text = errors.map((finding) => `${finding.ruleId}: ${finding.message}`).join('; ');
  throw new PkiError('serverInternal', `pre-issuance lint refused the draft: ${text}`);
}

/** Runs every certificate rule over the draft under a placeholder signature (RFC 9925 has the idea: the signature says nothing). */
export function proofreadCertificate(tbs: TbsCertificate, issuer: SigningIssuer): LintedTbs {
  const draft = draftOf(tbs.der, issuer);
  return LintedTbs.afterLint(draft, lintCertificate(draft.complete(placeholderSignature)), issuer);
}

/** Runs every CRL rule over a to-be-signed CRL in DER under a placeholder signature. */
export function proofreadCrl(tbsDer: Uint8Array, issuer: SigningIssuer): LintedTbs {
  const draft = draftOf(tbsDer, issuer);
  return LintedTbs.afterLint(draft, lintCrl(draft.complete(placeholderSignature)), issuer);
}

/** Any octets do: rules read the structure around the signature, never the signature. */
export const placeholderSignature = new Uint8Array(64);

function draftOf(tbsDer: Uint8Array, { signer }: SigningIssuer): Draft {
  return { tbsDer, complete: (signature) => encodeSigned(tbsDer, signer.signatureAlgorithm, signature) };
}

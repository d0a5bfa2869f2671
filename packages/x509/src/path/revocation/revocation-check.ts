import type { CertificateRules } from '../check-certificate.ts';
import type { PathCertificate } from '../path-certificate.ts';
import { PathError } from '../path-error.ts';
import type { RevocationEvidence } from '../verified-path.ts';
import { CrlCheck } from './crl-check.ts';
import { OcspCheck } from './ocsp-check.ts';
import { OcspResponders } from './ocsp-responders.ts';
import type { CertificateInPath, RevocationContext } from './revocation-context.ts';
import type { RevocationStatus } from './revocation-status.ts';

/** Evidence as it was handed in: DER CRLs and OCSP responses. */
export interface RevocationInput {
  readonly crls: Iterable<Uint8Array>;
  readonly ocspResponses: Iterable<Uint8Array>;
}

/** Checks that no certificate of a path is revoked (RFC 5280 s6.1.3(a)(3)). */
export class RevocationCheck {
  readonly #context: RevocationContext;
  readonly #crls: CrlCheck;
  readonly #ocsp: OcspCheck;

  constructor(input: RevocationInput, context: RevocationContext, rules: CertificateRules) {
    this.#context = context;
    this.#crls = new CrlCheck(input.crls, context);
    const responders = new OcspResponders(context, rules, (target) => this.#crls.status(target));
    this.#ocsp = new OcspCheck(input.ocspResponses, context, responders);
  }

  /**
   * Checks every certificate but the trust anchor, from the anchor down: evidence about one is signed by those above it.
   * @throws {@link PathError} `revoked`, `revocationUndetermined`, `limitExceeded`; {@link DerError}
   */
  async check(chain: readonly PathCertificate[]): Promise<RevocationEvidence[]> {
    const evidence: RevocationEvidence[] = [];
    for (let index = chain.length - 2; index >= 0; index--) {
      evidence.unshift(await this.#checkOne({ chain, index }));
    }
    return evidence;
  }

  async #checkOne(target: CertificateInPath): Promise<RevocationEvidence> {
    const { index } = target;
    const certificate = target.chain[index] as PathCertificate;
    if (this.#context.mode === 'none') return { index, status: 'notChecked', sources: [] };
    // RFC 9608 s4: nothing will ever be published; an extension for end entities only (s2).
    if (certificate.extensions.noRevAvail && !certificate.isCa) return { index, status: 'notRevocable', sources: [] };
    // Whoever says that it is revoked is believed, so all that is at hand is asked.
    const statuses = [await this.#ocsp.status(target), await this.#crls.status(target)];
    return this.#conclude(statuses, index);
  }

  #conclude(statuses: readonly RevocationStatus[], index: number): RevocationEvidence {
    for (const status of statuses) {
      if (status.type !== 'revoked') continue;
      const { revocation } = status;
      const text = `revoked at ${new Date(revocation.revokedAt).toISOString()}: ${revocation.reason}`;
      throw new PathError('revoked', index, text, { revocation });
    }
    const sources = statuses.flatMap((status) => (status.type === 'good' ? status.sources : []));
    if (sources.length > 0) return { index, status: 'good', sources };
    const problems = statuses.flatMap((status) => (status.type === 'undetermined' ? status.problems : []));
    if (problems.length === 0 && this.#context.mode === 'ifPresent')
      return { index, status: 'notChecked', sources: [] };
    const notes = statuses.flatMap((status) => (status.type === 'silent' ? status.notes : []));
    const reasons = problems.length > 0 ? problems : ['no CRL or OCSP response at hand speaks of it', ...notes];
    throw new PathError('revocationUndetermined', index, reasons.join('; '));
  }
}

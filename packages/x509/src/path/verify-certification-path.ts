import { CertificatePool } from './certificate-pool.ts';
import { type CertificateRules, checkCertificate } from './check-certificate.ts';
import { checkPath } from './check-path.ts';
import { Budget } from './limits.ts';
import { PathCertificate } from './path-certificate.ts';
import { toPathError } from './path-error.ts';
import type { CertificationPathRequest } from './path-request.ts';
import { PathSearch, type SearchContext } from './path-search.ts';
import { checkEndEntityPurpose } from './purpose.ts';
import { RevocationCheck } from './revocation/revocation-check.ts';
import { checkServerName } from './server-name.ts';
import { SignatureChecks } from './signature-checks.ts';
import type { VerifiedPath } from './verified-path.ts';

/**
 * Finds a path from a certificate to a trust anchor and verifies it: RFC 5280 s6.1 with the policy graph of RFC 9618,
 * revocation by CRLs (s6.3) and OCSP (RFC 6960), purpose, and server name (RFC 9525). Nothing is fetched.
 *
 * @throws {@link PathError} the most specific one of all paths that were tried; `index` tells which certificate.
 * @throws RangeError when `at` is not a time.
 */
export async function verifyCertificationPath(request: CertificationPathRequest): Promise<VerifiedPath> {
  const at = Number(request.at);
  if (!Number.isFinite(at)) throw new RangeError('`at` is not a time');
  try {
    return await new Verification(request, at).run();
  } catch (error) {
    throw toPathError(error, 0);
  }
}

/** One call: its rules, its evidence, and what is left of its budget. */
class Verification {
  readonly #request: CertificationPathRequest;
  readonly #rules: CertificateRules;
  readonly #search: SearchContext;
  readonly #revocation: RevocationCheck;

  constructor(request: CertificationPathRequest, at: number) {
    const { algorithms = 'strict', conformance = 'validation', revocation: mode = 'ifPresent' } = request;
    const budget = new Budget(request.limits);
    const signatures = new SignatureChecks(algorithms, budget);
    this.#request = request;
    this.#rules = { at, algorithms, conformance, purpose: request.purpose };
    const anchors = new CertificatePool(request.trustAnchors);
    const intermediates = new CertificatePool(request.intermediates);
    this.#search = { rules: this.#rules, anchors, intermediates, signatures, budget };
    this.#revocation = new RevocationCheck(
      { crls: request.crls ?? [], ocspResponses: request.ocspResponses ?? [] },
      {
        at,
        mode,
        conformance,
        signatures,
        budget,
        candidates: (subject) => [...intermediates.bySubject(subject), ...anchors.bySubject(subject)],
        validate: (certificate, anchor) => this.#validateSigner(certificate, anchor),
      },
      { ...this.#rules, purpose: undefined },
    );
  }

  async run(): Promise<VerifiedPath> {
    const { endEntity: der, purpose, serverName } = this.#request;
    const endEntity = new PathCertificate(der);
    checkCertificate(endEntity, this.#rules, 0);
    if (purpose !== undefined) checkEndEntityPurpose(endEntity, purpose);
    if (serverName !== undefined) checkServerName(endEntity, serverName);
    return new PathSearch(this.#search, (chain) => this.#judge(chain)).find(endEntity);
  }

  async #judge(chain: readonly PathCertificate[]): Promise<VerifiedPath> {
    const policies = checkPath(chain, this.#request.policies ?? {}, this.#search.budget);
    const revocation = await this.#revocation.check(chain);
    return {
      chain: chain.map((certificate) => certificate.der),
      certificates: chain.map(({ certificate }) => certificate),
      policies,
      revocation,
    };
  }

  /** The path of a CRL's signer, to the same trust anchor (RFC 5280 s6.3.3(f)); neither purpose nor policy matter to it. */
  async #validateSigner(signer: PathCertificate, anchor: PathCertificate): Promise<void> {
    if (signer === anchor) return;
    const rules = { ...this.#rules, purpose: undefined };
    checkCertificate(signer, rules, 0);
    const context = { ...this.#search, rules, anchors: new CertificatePool([anchor]) };
    await new PathSearch(context, async (chain) => {
      checkPath(chain, {}, this.#search.budget);
      return this.#revocation.check(chain);
    }).find(signer);
  }
}

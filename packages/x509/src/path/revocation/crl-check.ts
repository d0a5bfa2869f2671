import { DerError } from '@vcc-pki/asn1';
import type { RevokedEntry } from '../../certificate-list.ts';
import { decodeExtension } from '../../extension.ts';
import { extensionId } from '../../extension-id.ts';
import type { DistributionPoint } from '../../extensions/crl-distribution-points.ts';
import type { ReasonFlag } from '../../extensions/distribution-point-name.ts';
import { parseReasonCode } from '../../extensions/reason-code.ts';
import { X509Error } from '../../x509-error.ts';
import type { PathCertificate } from '../path-certificate.ts';
import type { RevocationSource } from '../verified-path.ts';
import { allReasons, comparisonsNeeded, coveredReasons, impliedDistributionPoint, isInScope } from './crl-scope.ts';
import { CrlSigners } from './crl-signers.ts';
import { findDeltas } from './delta-crls.ts';
import { findEntry } from './find-entry.ts';
import { type PathCrl, parseCrls } from './path-crl.ts';
import type { CertificateInPath, RevocationContext } from './revocation-context.ts';
import type { RevocationStatus } from './revocation-status.ts';

/** What is gathered about one certificate (RFC 5280 s6.3.2). */
interface Progress {
  /** reasons_mask: for which reasons it is known not to be revoked. */
  readonly reasons: Set<ReasonFlag>;
  readonly sources: RevocationSource[];
  readonly problems: string[];
}

/** Revocation by CRLs: RFC 5280 s6.3 over the CRLs that are at hand; complete ones, deltas, parts and indirect ones. */
export class CrlCheck {
  readonly #context: RevocationContext;
  readonly #complete: readonly PathCrl[];
  readonly #deltas: readonly PathCrl[];
  readonly #unreadable: number;
  readonly #signers: CrlSigners;

  constructor(ders: Iterable<Uint8Array>, context: RevocationContext) {
    const { crls, unreadable } = parseCrls(ders, context.conformance);
    this.#unreadable = unreadable;
    // The newest first: with several of one scope it is the newest that counts.
    crls.sort((a, b) => b.list.thisUpdate - a.list.thisUpdate);
    this.#complete = crls.filter(({ baseCrlNumber }) => baseCrlNumber === undefined);
    this.#deltas = crls.filter(({ baseCrlNumber }) => baseCrlNumber !== undefined);
    this.#signers = new CrlSigners(context);
    this.#context = context;
  }

  /** s6.3.3 for one certificate. @throws {@link PathError} `limitExceeded`; {@link DerError} */
  async status(target: CertificateInPath): Promise<RevocationStatus> {
    const certificate = target.chain[target.index] as PathCertificate;
    const progress: Progress = { reasons: new Set(), sources: [], problems: [] };
    const points = [...(certificate.extensions.cRLDistributionPoints ?? []), impliedDistributionPoint(certificate)];
    for (const point of points) {
      for (const crl of this.#complete) {
        if (progress.reasons.size === allReasons.length) break;
        const status = await this.#process(crl, point, target, progress);
        if (status?.type === 'revoked') return status;
      }
    }
    if (progress.reasons.size === allReasons.length) return { type: 'good', sources: progress.sources };
    if (progress.sources.length === 0 && progress.problems.length === 0) return this.#silence(certificate);
    const problems = progress.problems.length > 0 ? progress.problems : ['the CRLs do not cover all reasons'];
    return { type: 'undetermined', problems };
  }

  #silence({ issuer }: PathCertificate): RevocationStatus {
    const notes: string[] = [];
    if (this.#complete.some((crl) => crl.issuer.text === issuer.text))
      notes.push('CRLs of its issuer cover others only');
    if (this.#deltas.some((crl) => crl.issuer.text === issuer.text)) notes.push('a delta CRL has no complete CRL');
    if (this.#unreadable > 0) notes.push(`${this.#unreadable} CRLs cannot be read`);
    return { type: 'silent', notes };
  }

  /** Steps (b) to (l) for one CRL at one distribution point. */
  async #process(
    crl: PathCrl,
    point: DistributionPoint,
    target: CertificateInPath,
    progress: Progress,
  ): Promise<RevocationStatus | undefined> {
    const certificate = target.chain[target.index] as PathCertificate;
    this.#context.budget.spend('maxNameComparisons', target.index, comparisonsNeeded(crl, point));
    if (!isInScope(crl, certificate, point)) return undefined;
    const reasons = coveredReasons(crl, point).filter((reason) => !progress.reasons.has(reason));
    // (e): a CRL that covers no further reason adds nothing.
    if (reasons.length === 0) return undefined;
    try {
      const used = await this.#findUsable(crl, target);
      const entry = latestEntry(used, certificate);
      if (entry !== undefined) return revoked(entry);
      progress.sources.push(...used.map(describe));
      for (const reason of reasons) progress.reasons.add(reason);
    } catch (error) {
      progress.problems.push(`a CRL of ${new Date(crl.list.thisUpdate).toISOString()}: ${faultText(error)}`);
    }
    return undefined;
  }

  /** The delta CRLs that bring a CRL up to date, newest first, and the CRL itself: all fresh, signed, and usable. */
  async #findUsable(crl: PathCrl, target: CertificateInPath): Promise<readonly PathCrl[]> {
    if (crl.fault !== undefined) throw new CrlFault(crl.fault);
    const { at } = this.#context;
    if (!crl.hasBegun(at)) throw new CrlFault('its thisUpdate is in the future');
    const deltas = findDeltas(this.#deltas, crl, at);
    // s5.2.4: a complete CRL that is no longer fresh will do as the base of a delta CRL that is.
    if (!crl.isFresh(at) && deltas.length === 0) throw new CrlFault('its nextUpdate has passed');
    const signer = await this.#signers.find(crl, target);
    if (typeof signer === 'string') throw new CrlFault(signer);
    for (const delta of deltas) {
      // (h): by the same key as the complete CRL.
      if (await this.#signers.isSignedBy(delta, signer, target.index)) return [delta, crl];
    }
    if (!crl.isFresh(at)) throw new CrlFault('its nextUpdate has passed, and no delta CRL is signed by the same key');
    return [crl];
  }
}

/** Why a CRL cannot be used; never leaves this file. */
class CrlFault extends Error {
  override readonly name = 'CrlFault';
}

function faultText(error: unknown): string {
  if (error instanceof CrlFault || error instanceof DerError || error instanceof X509Error) return error.message;
  throw error;
}

/** (i) to (k): the delta CRL speaks first; removeFromCRL in it takes back what the complete CRL says. */
function latestEntry(newestFirst: readonly PathCrl[], certificate: PathCertificate): RevokedEntry | undefined {
  const query = { serialNumber: certificate.certificate.serialNumber, issuer: certificate.issuer.text };
  // Every one is looked through, because any of them can turn out to be unusable.
  const entries = newestFirst.map((crl) => findEntry(crl, query));
  const entry = entries.find((found) => found !== undefined);
  return entry !== undefined && newestFirst.length > 1 && reasonOf(entry) === 'removeFromCRL' ? undefined : entry;
}

function reasonOf({ extensions }: RevokedEntry): NonNullable<ReturnType<typeof parseReasonCode>> {
  return decodeExtension(extensions, extensionId.reasonCode, parseReasonCode) ?? 'unspecified';
}

function revoked(entry: RevokedEntry): RevocationStatus {
  return { type: 'revoked', revocation: { revokedAt: entry.revocationDate, reason: reasonOf(entry) } };
}

function describe({ list, crlNumber, baseCrlNumber }: PathCrl): RevocationSource {
  return {
    type: baseCrlNumber === undefined ? 'crl' : 'deltaCrl',
    thisUpdate: list.thisUpdate,
    nextUpdate: list.nextUpdate ?? list.thisUpdate,
    ...(crlNumber !== undefined && { crlNumber }),
  };
}

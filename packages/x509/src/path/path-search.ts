import { equalBytes } from '@vcc-pki/asn1';
import type { CertificatePool } from './certificate-pool.ts';
import { type CertificateRules, checkAnchor, checkIssuer } from './check-certificate.ts';
import { sortByKeyIdentifier } from './issuer-candidates.ts';
import type { Budget } from './limits.ts';
import type { PathCertificate } from './path-certificate.ts';
import { mostSpecific, PathError, toPathError } from './path-error.ts';
import { type IssuerPlace, Reachability } from './reachability.ts';
import type { SignatureChecks } from './signature-checks.ts';

/** What a search works with. */
export interface SearchContext {
  readonly rules: CertificateRules;
  readonly anchors: CertificatePool;
  readonly intermediates: CertificatePool;
  readonly signatures: SignatureChecks;
  readonly budget: Budget;
}

/** Judges a chain whose certificates and signatures are good; throws a PathError to refuse it. */
export type ChainJudge<Verdict extends object> = (chain: readonly PathCertificate[]) => Promise<Verdict>;

/**
 * Looks for a chain from a certificate to a trust anchor, depth first (RFC 4158): by names, best key identifier first;
 * signatures are verified only once an anchor is reached.
 *
 * Never exponential: certificates that fail by themselves and pairs whose signature is bad are remembered, and the search
 * follows only what can still reach an anchor without them ({@link Reachability}); what then still depends on the way
 * taken, such as loops, names and policies, is paid for from the {@link Budget}.
 */
export class PathSearch<Verdict extends object> {
  readonly #context: SearchContext;
  readonly #judge: ChainJudge<Verdict>;
  readonly #reachability: Reachability;
  /** Whether a certificate is fit for its place, by itself. */
  readonly #usable = { anchor: new Map<PathCertificate, boolean>(), intermediate: new Map<PathCertificate, boolean>() };
  readonly #issuers = new Map<PathCertificate, readonly PathCertificate[]>();
  #error: PathError | undefined;

  constructor(context: SearchContext, judge: ChainJudge<Verdict>) {
    this.#context = context;
    this.#judge = judge;
    this.#reachability = new Reachability(context, (one, place) => this.#usable[place].get(one) === false);
  }

  /** @throws {@link PathError} the most specific one of all candidate paths */
  async find(target: PathCertificate): Promise<Verdict> {
    const verdict = await this.#extend([target]);
    if (verdict !== undefined) return verdict;
    throw this.#error ?? new PathError('unknownIssuer', 0, 'no certificate at hand leads to a trust anchor');
  }

  async #extend(path: PathCertificate[]): Promise<Verdict | undefined> {
    return (await this.#tryAnchors(path)) ?? (await this.#tryIntermediates(path));
  }

  async #tryAnchors(path: readonly PathCertificate[]): Promise<Verdict | undefined> {
    const last = path.at(-1) as PathCertificate;
    for (const anchor of sortByKeyIdentifier(this.#context.anchors.bySubject(last.issuer.text), last)) {
      this.#context.budget.spend('maxCandidates', path.length);
      // A certificate that is itself the anchor is not listed twice (RFC 5280 s6.1).
      const isItself = path.length === 1 && equalBytes(anchor.der, last.der);
      const chain = isItself ? path : [...path, anchor];
      if (!isItself && path.length > 1 && path.some((other) => hasSameNameAndKey(other, anchor))) continue;
      if (!this.#isUsable(anchor, chain.length - 1, 'anchor') || this.#hasBadSignature(chain)) continue;
      const verdict = await this.#tryChain(chain);
      if (verdict !== undefined) return verdict;
    }
    return undefined;
  }

  async #tryChain(chain: readonly PathCertificate[]): Promise<Verdict | undefined> {
    try {
      this.#context.budget.spend('maxPaths', 0);
      await this.#verifySignatures(chain);
      return await this.#judge(chain);
    } catch (error) {
      this.#note(toPathError(error, 0));
      return undefined;
    }
  }

  async #tryIntermediates(path: PathCertificate[]): Promise<Verdict | undefined> {
    const last = path.at(-1) as PathCertificate;
    const candidates = this.#issuersOf(last);
    if (candidates.length === 0) {
      this.#note(
        new PathError('unknownIssuer', path.length - 1, `no certificate of its issuer is at hand${this.#unread()}`),
      );
    }
    for (const candidate of candidates) {
      this.#context.budget.spend('maxCandidates', path.length);
      if (this.#hasBadSignature(path)) return undefined;
      if (!this.#mayFollow(path, candidate)) continue;
      path.push(candidate);
      const verdict = await this.#extend(path);
      path.pop();
      if (verdict !== undefined) return verdict;
    }
    return undefined;
  }

  #mayFollow(path: readonly PathCertificate[], candidate: PathCertificate): boolean {
    if (path.some((other) => hasSameNameAndKey(other, candidate))) return false;
    if (!this.#reachability.leadsToAnchor(candidate)) {
      const text = `no certificate at hand leads on to a trust anchor${this.#unread()}`;
      this.#note(new PathError('unknownIssuer', path.length, text));
      return false;
    }
    if (path.length > this.#context.budget.maxIntermediates) {
      this.#note(new PathError('tooManyIntermediates', path.length, 'the path is longer than maxIntermediates'));
      return false;
    }
    return (
      this.#isUsable(candidate, path.length, 'intermediate') && !this.#hasBadSignature([...path.slice(-1), candidate])
    );
  }

  #issuersOf(certificate: PathCertificate): readonly PathCertificate[] {
    let issuers = this.#issuers.get(certificate);
    if (issuers === undefined) {
      issuers = sortByKeyIdentifier(this.#context.intermediates.bySubject(certificate.issuer.text), certificate);
      this.#issuers.set(certificate, issuers);
    }
    return issuers;
  }

  #isUsable(certificate: PathCertificate, index: number, place: IssuerPlace): boolean {
    const known = this.#usable[place].get(certificate);
    if (known !== undefined) return known;
    const check = place === 'anchor' ? checkAnchor : checkIssuer;
    try {
      check(certificate, this.#context.rules, index);
      this.#usable[place].set(certificate, true);
      return true;
    } catch (error) {
      this.#usable[place].set(certificate, false);
      this.#reachability.forget();
      this.#note(toPathError(error, index));
      return false;
    }
  }

  /** All at once: each pair is verified only once, whatever becomes of this chain. */
  async #verifySignatures(chain: readonly PathCertificate[]): Promise<void> {
    const { signatures } = this.#context;
    // A single certificate is its own issuer.
    const pairs = chain.slice(0, Math.max(1, chain.length - 1)).map((subject, i) => ({
      subject,
      issuer: chain[i + 1] ?? subject,
    }));
    for (const { subject, issuer } of pairs.toReversed()) signatures.inheritParameters(subject, issuer);
    const valid = await Promise.all(
      pairs.map(({ subject, issuer }, index) => signatures.verify(subject.certificate, issuer, index, index > 0)),
    );
    const index = valid.lastIndexOf(false);
    if (index < 0) return;
    this.#reachability.forget();
    throw new PathError('badSignature', index, "the signature is not the issuer's");
  }

  #hasBadSignature(path: readonly PathCertificate[]): boolean {
    return path.some((subject, i) => {
      const issuer = path[i + 1];
      return issuer !== undefined && this.#context.signatures.isKnownBad(subject.certificate, issuer);
    });
  }

  /** What a reader who misses a certificate should know. */
  #unread(): string {
    const count = this.#context.intermediates.unreadable + this.#context.anchors.unreadable;
    return count === 0 ? '' : `; ${count} that are at hand cannot be read`;
  }

  /** Keeps the most specific fault; one that ends the search is thrown on. */
  #note(error: PathError): void {
    if (error.code === 'limitExceeded') throw error;
    this.#error = mostSpecific(this.#error, error);
  }
}

/** The same entity twice makes a loop (RFC 4158 s2.4.1). */
function hasSameNameAndKey(a: PathCertificate, b: PathCertificate): boolean {
  return (
    a.subject.text === b.subject.text &&
    equalBytes(a.certificate.subjectPublicKeyInfo.der, b.certificate.subjectPublicKeyInfo.der)
  );
}

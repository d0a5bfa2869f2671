import { LRUCache } from 'lru-cache';
import type { SignedAnswer } from './answer-signer.ts';

/**
 * Which answer: the certificate (`<issuer id>/<serial>`), and the form of the CertID, which the answer repeats octet for
 * octet. A certificate has a few of these: four hashes, each with and without parameters.
 */
export interface AnswerKey {
  readonly certificate: string;
  readonly form: string;
}

export interface AnswerCacheOptions {
  /** Certificates whose answers are kept; the least recently asked go first. */
  readonly maxCertificates: number;
  /** Whether a kept answer may still be given, and a new one be kept. */
  readonly isUsable: (answer: SignedAnswer) => boolean;
}

/** Keeps signed answers until they are forgotten, and has each made once however many ask for it at the same time. */
export class AnswerCache {
  readonly #kept: LRUCache<string, Map<string, SignedAnswer>>;
  readonly #underWay = new Map<string, Map<string, Promise<SignedAnswer>>>();
  readonly #isUsable: (answer: SignedAnswer) => boolean;

  constructor({ maxCertificates, isUsable }: AnswerCacheOptions) {
    this.#kept = new LRUCache({ max: maxCertificates });
    this.#isUsable = isUsable;
  }

  /** The answer that is kept, if it may still be given. */
  find({ certificate, form }: AnswerKey): SignedAnswer | undefined {
    const answer = this.#kept.get(certificate)?.get(form);
    return answer !== undefined && this.#isUsable(answer) ? answer : undefined;
  }

  /** Has an answer made, or waits for the one that is being made, and keeps it. */
  make(key: AnswerKey, make: () => Promise<SignedAnswer>): Promise<SignedAnswer> {
    const flights = this.#underWay.get(key.certificate) ?? new Map<string, Promise<SignedAnswer>>();
    const running = flights.get(key.form);
    if (running !== undefined) return running;
    const making = this.#makeAndKeep(key, flights, make);
    this.#underWay.set(key.certificate, flights.set(key.form, making));
    return making;
  }

  /** Forgets what is known of a certificate. Answers under way may have been read before: they are given, and not kept. */
  forget(certificate: string): void {
    this.#kept.delete(certificate);
    this.#underWay.delete(certificate);
  }

  async #makeAndKeep(
    { certificate, form }: AnswerKey,
    flights: Map<string, Promise<SignedAnswer>>,
    make: () => Promise<SignedAnswer>,
  ): Promise<SignedAnswer> {
    const wasForgotten = (): boolean => this.#underWay.get(certificate) !== flights;
    try {
      const answer = await make();
      if (!wasForgotten() && this.#isUsable(answer)) this.#keep({ certificate, form }, answer);
      return answer;
    } finally {
      flights.delete(form);
      if (flights.size === 0 && !wasForgotten()) this.#underWay.delete(certificate);
    }
  }

  #keep({ certificate, form }: AnswerKey, answer: SignedAnswer): void {
    const forms = this.#kept.get(certificate);
    if (forms === undefined) this.#kept.set(certificate, new Map([[form, answer]]));
    else forms.set(form, answer);
  }
}

import { describeError } from '../agent-error.ts';
import type { CertificateConfig, Endpoint } from '../config/agent-config.ts';
import type { Material } from '../outputs/material.ts';
import type { EndpointStatus, ProofStatus } from '../status.ts';
import { type EndpointProof, prove } from './prove.ts';
import type { Registry } from './registry.ts';

/** What one round of proof needs. */
export interface ProofRound {
  readonly fingerprint: string;
  readonly material: Material;
  /** How long each endpoint is looked at; 0 is one look. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly registry: Registry;
}

/** How far the proof is that the endpoints of one certificate serve it. */
export class ProofProgress {
  readonly #config: CertificateConfig;
  readonly #now: () => number;
  /** What the registry was told last, by endpoint. */
  readonly #reported: Map<string, string>;
  #status: ProofStatus = { state: 'none', endpoints: [], error: null };

  /** @param before what the agent knew when it ran last */
  constructor(config: CertificateConfig, before: ProofStatus | undefined, now: () => number) {
    this.#config = config;
    this.#now = now;
    this.#reported = new Map(
      before?.endpoints.flatMap(({ endpoint, reported_fingerprint: reported }) =>
        reported === null ? [] : [[endpoint, reported]],
      ),
    );
  }

  get status(): ProofStatus {
    return this.#status;
  }

  /**
   * Looks at all endpoints and tells the registry what they serve, be it the new certificate or not.
   * @returns whether nothing is left to do
   */
  async round(round: ProofRound): Promise<boolean> {
    const found = await this.#findEndpoints(round.registry);
    const { endpoints } = found;
    if (endpoints.length === 0) {
      this.#status = { state: 'none', endpoints: [], error: found.error };
      return found.error === null;
    }
    this.#status = { ...this.#status, state: 'pending', error: found.error };
    const proofs = await prove({ ...round, endpoints, now: this.#now });
    if (round.signal.aborted) return false;
    const isProven = proofs.every(({ proven }) => proven);
    const error = (await this.#report(proofs, round.registry)) ?? found.error;
    this.#status = {
      state: isProven ? 'proven' : 'unproven',
      endpoints: proofs.map((proof) => this.#endpointStatus(proof)),
      error,
    };
    return isProven && error === null;
  }

  /** The configured ones and the registered ones, each once. That the registry cannot be asked keeps none from being looked at. */
  async #findEndpoints(registry: Registry): Promise<{ endpoints: readonly Endpoint[]; error: ProofStatus['error'] }> {
    const { endpoints, registeredEndpoints } = this.#config.proof;
    if (!registeredEndpoints) return { endpoints, error: null };
    try {
      const known = new Set(endpoints.map(({ host, port }) => `${host} ${port}`));
      const registered = await registry.findEndpoints();
      const others = registered.filter(({ host, port }) => !known.has(`${host} ${port}`));
      return { endpoints: [...endpoints, ...others], error: null };
    } catch (error) {
      return { endpoints, error: this.#told(error) };
    }
  }

  async #report(proofs: readonly EndpointProof[], registry: Registry): Promise<ProofStatus['error']> {
    const news = proofs.filter(({ endpoint, servedFingerprint }) => {
      return servedFingerprint !== undefined && servedFingerprint !== this.#reported.get(endpoint);
    });
    if (news.length === 0) return null;
    try {
      await registry.reportServed(news);
    } catch (error) {
      return this.#told(error);
    }
    for (const { endpoint, servedFingerprint } of news) this.#reported.set(endpoint, servedFingerprint ?? '');
    return null;
  }

  #endpointStatus({ endpoint, proven, servedFingerprint, problem, at }: EndpointProof): EndpointStatus {
    return {
      endpoint,
      proven,
      served_fingerprint: servedFingerprint ?? null,
      reported_fingerprint: this.#reported.get(endpoint) ?? null,
      problem: problem ?? null,
      checked_at: new Date(at).toISOString(),
    };
  }

  #told(error: unknown): ProofStatus['error'] {
    return { ...describeError(error), at: new Date(this.#now()).toISOString() };
  }
}

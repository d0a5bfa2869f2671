import type { CertificateKeeper, Clock, KeptCertificate } from '@vcc-pki/client/keeper';
import { adoptExisting } from './adopt-existing.ts';
import { describeError } from './agent-error.ts';
import type { AgentConfig, CertificateConfig } from './config/agent-config.ts';
import { certificateFolder, keeperFor } from './keeper-for.ts';
import type { Log } from './log.ts';
import { OutputProgress } from './output-progress.ts';
import type { Material } from './outputs/material.ts';
import { pauseBehind } from './pause.ts';
import { ProofProgress } from './proof/proof-progress.ts';
import { registryOver } from './proof/registry.ts';
import type { CertificateStatus, StatusError } from './status.ts';

/** What a certificate has from around it. */
export interface Surroundings {
  readonly config: AgentConfig;
  /** Root certificates in PEM; undefined where the enrolment token names the root. */
  readonly trustedPem: string | undefined;
  readonly clock: Clock;
  readonly log: Log;
  /** Called whenever the status has news. */
  readonly onNews: () => void;
}

/**
 * One certificate in the care of the agent: the client library obtains and renews it, and whenever it changes its files are
 * written, the programs reload, the endpoints are looked at, and the registry hears of it. What fails is tried again, each
 * step on its own, and nothing here is shared with another certificate.
 */
export class AgentCertificate {
  readonly config: CertificateConfig;
  readonly #around: Surroundings;
  readonly #keeper: CertificateKeeper;
  readonly #outputs: readonly OutputProgress[];
  readonly #proof: ProofProgress;
  #current: KeptCertificate | undefined;
  #adoptError: StatusError | null = null;
  /** Of the keeper; it counts while the keeper still has one. */
  #error: StatusError | null = null;
  #attempt = 0;
  #round = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;
  #work: Promise<void> = Promise.resolve();

  constructor(config: CertificateConfig, before: CertificateStatus | undefined, around: Surroundings) {
    this.config = config;
    this.#around = around;
    this.#keeper = keeperFor(config, around);
    const { now } = around.clock;
    this.#outputs = config.outputs.map((output) => {
      const known = before?.outputs.find(({ folder }) => folder === output.folder);
      return new OutputProgress(output, known, now);
    });
    this.#proof = new ProofProgress(config, before?.proof, now);
  }

  /** Begins. Nothing is thrown: what is wrong stands in the status, and is tried again. */
  async start(): Promise<void> {
    this.#listen();
    await this.#adopt();
    if (!this.#isStopped) this.#keeper.start();
  }

  /** Ends, after what is under way; a proof is broken off. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.#round.abort();
    await this.#keeper.stop();
    await this.#work;
  }

  /** Renews now, whatever the window says. @throws as the client library */
  async renew(): Promise<string> {
    const { fingerprintSha256 } = await this.#keeper.renew();
    return fingerprintSha256;
  }

  get status(): CertificateStatus {
    const kept = this.#keeper.status;
    const { state, certificateId, fingerprintSha256, notAfter, renewAt, nextAttemptAt } = kept;
    const { enrolments, renewals, failures } = kept.counters;
    return {
      name: this.config.name,
      service_id: this.config.serviceId,
      state,
      certificate_id: certificateId ?? null,
      fingerprint: fingerprintSha256 ?? null,
      not_after: timestamp(notAfter),
      renew_at: timestamp(renewAt),
      next_attempt_at: timestamp(nextAttemptAt),
      enrolments,
      renewals,
      failures,
      error: this.#adoptError ?? (kept.lastError === undefined ? null : this.#error),
      outputs: this.#outputs.map((output) => output.status),
      proof: this.#proof.status,
    };
  }

  async #adopt(): Promise<void> {
    const { existing, name } = this.config;
    if (existing === undefined) return;
    try {
      const adopted = await adoptExisting(certificateFolder(this.#around.config.stateDir, name), existing);
      if (adopted) this.#log('info', 'took over the existing certificate', { file: existing.certFile });
    } catch (error) {
      this.#adoptError = this.#tellFailure('the existing certificate cannot be taken over', error);
    }
  }

  #listen(): void {
    const keeper = this.#keeper;
    keeper.on('changed', (current) => this.#take(current));
    keeper.on('enrolled', () => this.#log('info', 'enrolled'));
    keeper.on('renewed', (current) => this.#log('info', 'renewed', { fingerprint: current.fingerprintSha256 }));
    keeper.on('renewalFailed', ({ error, attempt, nextAttemptAt }) => {
      this.#fail('not obtained yet', error, { attempt, next_attempt_at: timestamp(nextAttemptAt) });
    });
    keeper.on('serverUnreachable', (error) => this.#fail('the server could not be asked when to renew', error));
    keeper.on('windowMoved', ({ reason }) => this.#log('warn', 'the renewal window moved', { reason: reason ?? null }));
    keeper.on('expired', ({ notAfter }) => this.#log('error', 'expired', { not_after: timestamp(notAfter) }));
    keeper.on('enrolmentNeeded', (reason) => this.#fail('an enrolment token or an operator is needed', reason));
    keeper.on('clockSkew', ({ now, serverNow }) => {
      this.#log('warn', 'the clocks differ', { here: timestamp(now), server: timestamp(serverNow) });
    });
  }

  /** Another certificate is in use: what was under way for the one before is broken off. */
  #take(current: KeptCertificate): void {
    this.#current = current;
    this.#error = null;
    this.#attempt = 0;
    this.#round.abort();
    clearTimeout(this.#timer);
    this.#deploySoon();
  }

  #deploySoon(): void {
    if (this.#isStopped) return;
    const round = new AbortController();
    this.#round = round;
    this.#work = this.#work.then(() => this.#deploy(round.signal));
  }

  async #deploy(signal: AbortSignal): Promise<void> {
    const current = this.#current;
    if (current === undefined || signal.aborted) return;
    const material = materialOf(current);
    const { fingerprintSha256: fingerprint } = current;
    const results = await Promise.all(this.#outputs.map((output) => this.#deployOne(output, fingerprint, material)));
    this.#around.onNews();
    const isDeployed = !results.includes(false);
    const isDone = (await this.#prove({ fingerprint, material, signal, isDeployed })) && isDeployed;
    this.#around.onNews();
    if (signal.aborted || this.#isStopped) return;
    if (isDeployed && this.#proof.status.state === 'unproven') {
      for (const output of this.#outputs) output.repeatSignal(fingerprint);
    }
    this.#attempt = isDone ? 0 : this.#attempt + 1;
    if (!isDone) this.#tryAgainLater();
  }

  async #deployOne(output: OutputProgress, fingerprint: string, material: Material): Promise<boolean> {
    const { folder, adapter } = output.config;
    const result = await output.deploy(fingerprint, material);
    const { error } = output.status;
    if (error === null) {
      this.#log(result === 'unchanged' ? 'debug' : 'info', `output ${result}`, { folder, adapter, fingerprint });
    } else this.#log('error', 'output failed', { folder, adapter, code: error.code, reason: error.message });
    return error === null;
  }

  async #prove(round: {
    readonly fingerprint: string;
    readonly material: Material;
    readonly signal: AbortSignal;
    readonly isDeployed: boolean;
  }): Promise<boolean> {
    // The whole time is for the first round with all files in place; after that, and until then, one look tells.
    const timeoutMs = round.isDeployed && this.#attempt === 0 ? this.config.proof.timeoutMs : 0;
    const before = this.#proof.status.state;
    const isDone = await this.#proof.round({
      ...round,
      timeoutMs,
      registry: registryOver(this.#keeper.connection, this.config.serviceId),
    });
    if (round.signal.aborted) return false;
    const { state, endpoints, error } = this.#proof.status;
    for (const { endpoint, proven, problem } of endpoints) {
      if (proven && before === state) continue;
      this.#log(proven ? 'info' : 'error', proven ? 'served' : 'not served', { endpoint, problem });
    }
    if (error !== null) this.#log('warn', 'the registry', { code: error.code, reason: error.message });
    return isDone;
  }

  #tryAgainLater(): void {
    this.#timer = setTimeout(() => this.#deploySoon(), pauseBehind(this.#attempt - 1));
    this.#timer.unref();
  }

  #fail(what: string, error: unknown, fields: Parameters<Log['warn']>[1] = {}): void {
    this.#error = this.#tellFailure(what, error, fields);
  }

  #tellFailure(what: string, error: unknown, fields: Parameters<Log['warn']>[1] = {}): StatusError {
    const { code, message } = describeError(error);
    this.#log('warn', what, { code, reason: message, ...fields });
    return { code, message, at: new Date(this.#around.clock.now()).toISOString() };
  }

  #log(level: keyof Log, message: string, fields: Parameters<Log['warn']>[1] = {}): void {
    this.#around.log[level](message, { certificate: this.config.name, service: this.config.serviceId, ...fields });
    this.#around.onNews();
  }
}

function materialOf({ certificatePem, keyPem, fullchainPem, caPem }: KeptCertificate): Material {
  return { certPem: certificatePem, keyPem, fullchainPem, caPem };
}

function timestamp(time: number | undefined): string | null {
  return time === undefined ? null : new Date(time).toISOString();
}

import { mkdir, readFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '@vcc-pki/client/keeper';
import { AgentCertificate } from './agent-certificate.ts';
import { AgentError, describeError } from './agent-error.ts';
import type { AgentConfig } from './config/agent-config.ts';
import { type ControlAnswer, type ControlRequest, openControlSocket } from './control/control-socket.ts';
import type { Log } from './log.ts';
import { openMetricsListener } from './metrics-listener.ts';
import type { AgentStatus, StatusError } from './status.ts';
import { loadStatus, saveStatus } from './status-file.ts';

export interface AgentOptions {
  readonly config: AgentConfig;
  readonly clock: Clock;
  readonly log: Log;
}

/** Many news within so long become one writing of the status. */
const statusPauseMs = 200;

/** An agent at work: its certificates, its socket, its status on the disk. */
export class Agent {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #startedAt: string;
  #config: AgentConfig;
  #configError: StatusError | null = null;
  #certificates: readonly AgentCertificate[] = [];
  #listeners: { close(): Promise<void> }[] = [];
  #statusTimer: NodeJS.Timeout | undefined;
  #saving: Promise<void> = Promise.resolve();

  private constructor({ config, clock, log }: AgentOptions) {
    this.#config = config;
    this.#clock = clock;
    this.#log = log;
    this.#startedAt = new Date(clock.now()).toISOString();
  }

  /**
   * Starts an agent. That certificates cannot be had yet is no reason not to.
   * @throws AgentError `alreadyRunning`, `badState`; errors of the file system and of the metrics port
   */
  static async start(options: AgentOptions): Promise<Agent> {
    const agent = new Agent(options);
    const { config, log } = options;
    await mkdir(config.stateDir, { recursive: true, mode: 0o755 });
    agent.#listeners.push(await openControlSocket(config.stateDir, (request) => agent.#answer(request)));
    try {
      if (config.metricsPort !== undefined) {
        agent.#listeners.push(await openMetricsListener(config.metricsPort, () => agent.status));
      }
      await agent.#begin(config, await loadStatus(config.stateDir));
    } catch (error) {
      await agent.stop();
      throw error;
    }
    log.info('started', { config: config.file, certificates: config.certificates.length });
    return agent;
  }

  get status(): AgentStatus {
    return {
      version: 1,
      pid: process.pid,
      started_at: this.#startedAt,
      updated_at: new Date(this.#clock.now()).toISOString(),
      config_file: this.#config.file,
      pki_server: this.#config.serverUrl,
      config_error: this.#configError,
      certificates: this.#certificates.map((certificate) => certificate.status),
    };
  }

  /**
   * Goes on with another configuration. Certificates whose entries did not change are not touched; with one that cannot be
   * used the agent goes on as before and says so.
   */
  async reload(load: () => Promise<AgentConfig>): Promise<void> {
    try {
      const next = await load();
      if (next.stateDir !== this.#config.stateDir || next.metricsPort !== this.#config.metricsPort) {
        throw new AgentError('badState', 'state_dir and metrics_port change at a restart only');
      }
      await this.#begin(next, this.status);
      this.#configError = null;
      this.#log.info('configuration read again', { certificates: next.certificates.length });
    } catch (error) {
      const { code, message } = describeError(error);
      this.#configError = { code, message, at: new Date(this.#clock.now()).toISOString() };
      this.#log.error('the new configuration is not used', { code, reason: message });
    }
    this.#saveSoon();
  }

  /** Ends everything and writes the last status. */
  async stop(): Promise<void> {
    await Promise.all(this.#certificates.map((certificate) => certificate.stop()));
    await Promise.all(this.#listeners.map((listener) => listener.close()));
    clearTimeout(this.#statusTimer);
    await this.#save();
  }

  async #begin(config: AgentConfig, before: AgentStatus | undefined): Promise<void> {
    const trustedPem = config.rootCaFile === undefined ? undefined : await readFile(config.rootCaFile, 'utf8');
    const isSameServer = config.serverUrl === this.#config.serverUrl && config.rootCaFile === this.#config.rootCaFile;
    const kept = isSameServer ? this.#certificates.filter((certificate) => isAmong(certificate, config)) : [];
    const gone = this.#certificates.filter((certificate) => !kept.includes(certificate));
    await Promise.all(gone.map((certificate) => certificate.stop()));
    this.#config = config;
    const around = { config, trustedPem, clock: this.#clock, log: this.#log, onNews: () => this.#saveSoon() };
    const begun: AgentCertificate[] = [];
    this.#certificates = config.certificates.map((entry) => {
      const same = kept.find(({ config: { name } }) => name === entry.name);
      if (same !== undefined) return same;
      const known = before?.certificates.find(({ name }) => name === entry.name);
      const certificate = new AgentCertificate(entry, known, around);
      begun.push(certificate);
      return certificate;
    });
    await Promise.all(begun.map((certificate) => certificate.start()));
    this.#saveSoon();
  }

  async #answer({ command, name }: ControlRequest): Promise<ControlAnswer> {
    if (command === 'ping') return { pid: process.pid, started_at: this.#startedAt };
    const chosen = this.#certificates.filter(({ config }) => name === undefined || config.name === name);
    if (chosen.length === 0) return { error: { code: 'notFound', message: `there is no certificate ${name ?? ''}` } };
    const renewed = await Promise.all(
      chosen.map(async (certificate) => {
        try {
          return { name: certificate.config.name, fingerprint: await certificate.renew(), error: null };
        } catch (error) {
          return { name: certificate.config.name, fingerprint: null, error: describeError(error) };
        }
      }),
    );
    return { renewed };
  }

  #saveSoon(): void {
    if (this.#statusTimer !== undefined) return;
    this.#statusTimer = setTimeout(() => void this.#save(), statusPauseMs);
    this.#statusTimer.unref();
  }

  #save(): Promise<void> {
    this.#statusTimer = undefined;
    this.#saving = this.#saving.then(async () => {
      try {
        await saveStatus(this.#config.stateDir, this.status);
      } catch (error) {
        // A full disk keeps no certificate from being watched; metrics and log still tell.
        const { code, message } = describeError(error);
        this.#log.error('the status cannot be written', { code, reason: message });
      }
    });
    return this.#saving;
  }
}

function isAmong({ config }: AgentCertificate, { certificates }: AgentConfig): boolean {
  return certificates.some((entry) => isDeepStrictEqual(entry, config));
}

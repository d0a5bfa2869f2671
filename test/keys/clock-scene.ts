import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { KekResource } from '@vcc-pki/api';
import type { Identity } from '../support/call-api.ts';
import { allowService, configureAll, setKeys } from '../support/configure.ts';
import type { Lifetime } from '../support/lifetime.ts';
import { type MovedClock, movedClock } from '../support/moved-clock.ts';
import { type IssueOptions, type RunningPki, runningPki } from '../support/running-pki.ts';
import type { ProviderPlan, ProviderReport } from './provider-process.ts';
import { until } from './until.ts';

export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;
/** The shortest that the configuration knows: a CRL is over after two hours. */
export const crlValidityMs = 2 * hourMs;

const execArgv = ['--conditions=@vcc-pki/source'];

/** A server and services in processes of their own, each with a clock that can be moved. */
export interface ClockScene {
  readonly pki: RunningPki;
  readonly server: { readonly clock: MovedClock; start(): Promise<void>; kill(): Promise<void> };
  /** Calls the server, which must answer with success. */
  post<Answer>(path: string, body: unknown): Promise<Answer>;
  startService(options: ServiceOptions): Promise<Service>;
}

export interface ServiceOptions extends Pick<ProviderPlan, 'line' | 'cache' | 'limitMs' | 'crlGraceMs'> {
  readonly certificate?: IssueOptions;
  /** Shared with the server, or of its own. */
  readonly clock: MovedClock;
}

/** A service that encrypts all the time. */
export interface Service {
  /** What it began with. */
  readonly identity: Identity;
  /** How it was a few milliseconds ago. */
  report(): ProviderReport;
  send(message: object): void;
  /** Waits until something is so, by a report that was made after the call. */
  until(what: string, isSo: (report: ProviderReport) => boolean, limitMs?: number): Promise<number>;
  stop(): Promise<void>;
}

export async function clockScene(t: Lifetime): Promise<ClockScene> {
  const pki = await runningPki(t, {
    configure: configureAll(
      allowService('themis', 'keks: { themis-main: [read, write], themis-day: [read, write] }', 'max_certificates: 9'),
      setKeys({ crl_update_interval_hours: 1, crl_validity_hours: crlValidityMs / hourMs, crl_shards: 2 }),
    ),
  });
  await pki.server().close();
  const clock = await movedClock(t);
  let child: ChildProcess | undefined;
  const kill = async (): Promise<void> => {
    if (child !== undefined) await end(child, 'SIGKILL');
  };
  const start = async (): Promise<void> => {
    const plan = { directory: pki.directory, passphrase: new TextDecoder().decode(pki.passphrase) };
    child = fork(new URL('./server-process.ts', import.meta.url), [JSON.stringify(plan)], {
      execArgv,
      env: { ...process.env, ...clock.env },
    });
    await once(child, 'message');
  };
  t.after(kill);
  await start();
  return {
    pki,
    server: { clock, start, kill },
    post: async <Answer>(path: string, body: unknown) => {
      const answer = await pki.call('POST', path, { body });
      assert.ok(answer.status < 300, answer.text);
      return answer.json() as Answer;
    },
    startService: (options) => startService(t, pki, options),
  };
}

/** Has the server make a line. */
export function createLine({ post }: ClockScene, line: string, validityDays: number): Promise<KekResource> {
  return post<KekResource>('/api/v1/keks', { line, validity_days: validityDays });
}

async function startService(t: Lifetime, pki: RunningPki, options: ServiceOptions): Promise<Service> {
  const { line, cache, limitMs, crlGraceMs, clock, certificate } = options;
  const { cert, key } = await pki.issueFor('themis', certificate);
  const client = { certificatePem: cert, keyPem: key };
  const plan: ProviderPlan = {
    ...{ origin: pki.apiUrl, trustedPem: pki.rootPem, client },
    ...{ line, cache, limitMs, crlGraceMs },
  };
  const child = fork(new URL('./provider-process.ts', import.meta.url), [JSON.stringify(plan)], {
    execArgv,
    env: { ...process.env, ...clock.env },
  });
  t.after(() => end(child, 'SIGKILL'));
  let last: ProviderReport | undefined;
  let count = 0;
  child.on('message', (report: ProviderReport) => {
    last = report;
    count += 1;
  });
  const report = (): ProviderReport => {
    assert.ok(child.exitCode === null && child.signalCode === null, 'the service has ended');
    assert.ok(last !== undefined, 'the service has not told anything yet');
    return last;
  };
  await until('started', () => {
    assert.ok(child.exitCode === null, 'the service has ended');
    return last !== undefined;
  });
  return {
    identity: { cert, key },
    report,
    send: (message) => void child.send(message),
    until: async (what, isSo, waitMs) => {
      // The next one may have been under way; the one after it was not.
      const from = count + 2;
      try {
        return await until(what, () => count >= from && isSo(report()), waitMs);
      } catch (error) {
        throw new Error(`${what}: ${JSON.stringify(last)}`, { cause: error });
      }
    },
    stop: async () => {
      child.send({ stop: true });
      if (child.exitCode === null) await once(child, 'exit');
      assert.deepEqual(last?.wrongs, []);
    },
  };
}

async function end(child: ChildProcess, signal: 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
}

import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import type { FaultLabel } from '../../apps/server/src/issuance/deps.ts';
import type { RunningPki } from '../support/running-pki.ts';
import { Client } from './client.ts';
import { Journal, pendingTickets, readJournals } from './journal.ts';
import { askForTickets } from './tickets.ts';
import { lanes, lastPass, type VictimPlan } from './victim-plan.ts';

const labels: readonly FaultLabel[] = ['before-intent', 'after-intent', 'after-signature', 'after-record'];

/** No victim needs so long to reach the step where it dies, on however busy a machine. */
const roundTimeoutMs = 60_000;

export interface Rounds {
  readonly pki: RunningPki;
  /** Directories for the journals, and for the compiled code that victims share. */
  readonly journals: string;
  readonly codeCache: string;
  readonly csrs: readonly string[];
  readonly count: number;
  /** Every so many rounds the whole server is killed, under requests over mTLS. */
  readonly serverEvery: number;
}

/** Starts a victim on the same PKI again and again, until each has been killed at its step. */
export async function runRounds(rounds: Rounds): Promise<void> {
  for (let round = 0; round < rounds.count; round += 1) {
    const kind = round % rounds.serverEvery === rounds.serverEvery - 1 ? 'server' : 'rooms';
    const plan: VictimPlan = {
      kind,
      directory: rounds.pki.directory,
      passphrase: new TextDecoder().decode(rounds.pki.passphrase),
      label: labels[round % labels.length] as FaultLabel,
      pass: randomInt(1, lastPass + 1),
      journals: rounds.journals,
      name: `round-${round}`,
      csrs: rounds.csrs,
      pending: pendingTickets(await readJournals(rounds.journals)),
    };
    const victim = fork(join(import.meta.dirname, 'victim.ts'), [JSON.stringify(plan)], {
      execArgv: ['--conditions=@vcc-pki/source'],
      env: { ...process.env, NODE_COMPILE_CACHE: rounds.codeCache },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    await killed(victim, plan, kind === 'server' ? (apiUrl) => askServer(rounds, plan, apiUrl) : undefined);
  }
}

/** Waits until the victim is dead, and checks that it died of the kill and of nothing else. */
async function killed(victim: ChildProcess, plan: VictimPlan, whenServing?: (apiUrl: string) => Promise<void>) {
  const timer = setTimeout(() => victim.kill('SIGTERM'), roundTimeoutMs);
  const exited = once(victim, 'exit');
  try {
    if (whenServing !== undefined) {
      const [apiUrl] = await Promise.race([once(victim, 'message'), exited]);
      if (typeof apiUrl === 'string' && apiUrl.startsWith('https:')) await whenServing(apiUrl);
    }
    const [, signal] = await exited;
    assert.equal(signal, 'SIGKILL', `${plan.name} was to die at ${plan.label}, pass ${plan.pass}`);
  } finally {
    clearTimeout(timer);
  }
}

/** Asks the victim's server as administrator until it answers no more. */
async function askServer({ pki }: Rounds, plan: VictimPlan, apiUrl: string): Promise<void> {
  const client = new Client({
    pki,
    apiUrl,
    csrs: plan.csrs,
    journal: new Journal(plan.journals, `${plan.name}-client`),
  });
  const ask = (ticket: string) => client.ask(ticket);
  await askForTickets({ first: plan.pending, newPrefix: plan.name, lanes, ask });
  await client.close();
}

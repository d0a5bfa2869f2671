import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { Agent } from '../../../apps/cli/src/agent/agent.ts';
import { loadAgentConfig } from '../../../apps/cli/src/agent/config/load-agent-config.ts';
import { askAgent } from '../../../apps/cli/src/agent/control/control-socket.ts';
import { createLog } from '../../../apps/cli/src/agent/log.ts';
import type { AgentStatus, CertificateStatus } from '../../../apps/cli/src/agent/status.ts';
import type { Lifetime } from '../../support/lifetime.ts';
import type { RunningPki } from '../../support/running-pki.ts';

/** An agent in this process, with its folder. */
export interface TestAgent {
  readonly folder: string;
  readonly stateDir: string;
  readonly configFile: string;
  /** Lines of the log so far. */
  readonly log: readonly string[];
  status(): AgentStatus;
  certificate(name?: string): CertificateStatus;
  /** Waits until the status of a certificate is as wished. */
  until(wish: (certificate: CertificateStatus) => boolean, name?: string): Promise<CertificateStatus>;
  /** Has a certificate renewed now, as `vcc-pki agent renew` does; returns the new fingerprint. */
  renew(name?: string): Promise<string>;
  reload(yaml: string): Promise<void>;
  stop(): Promise<void>;
}

/** What agent.yaml begins with. */
export function agentHead(pki: Pick<RunningPki, 'apiUrl' | 'rootFile'>): string {
  return `pki_server:\n  url: ${pki.apiUrl}\n  root_ca_file: ${pki.rootFile}\nstate_dir: state\n`;
}

/** Puts a pair for a service beside agent.yaml, for `existing_cert_file: NAME.pem` and `existing_key_file: NAME.key`. */
export async function existingPair(pki: RunningPki, folder: string, service: string): Promise<void> {
  const { cert, key } = await pki.issueFor(service);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${service}.pem`), cert);
  await writeFile(join(folder, `${service}.key`), key, { mode: 0o600 });
}

/** Starts an agent with a configuration, in a folder. */
export async function startAgent(t: Lifetime, folder: string, yaml: string): Promise<TestAgent> {
  const configFile = join(folder, 'agent.yaml');
  await writeFile(configFile, yaml);
  const config = await loadAgentConfig(configFile);
  const lines: string[] = [];
  const target = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      lines.push(chunk.toString());
      done();
    },
  });
  const clock = { now: () => Date.now() };
  const agent = await Agent.start({ config, clock, log: createLog('debug', target, clock.now) });
  let isStopped = false;
  const stop = async (): Promise<void> => {
    if (isStopped) return;
    isStopped = true;
    await agent.stop();
  };
  t.after(stop);
  const certificate = (name = config.certificates[0]?.name): CertificateStatus => {
    const found = agent.status.certificates.find((one) => one.name === name);
    if (found === undefined) throw new Error(`there is no certificate ${name}`);
    return found;
  };
  return {
    folder,
    stateDir: config.stateDir,
    configFile,
    log: lines,
    status: () => agent.status,
    certificate,
    until: async (wish, name) => {
      for (let tries = 1; tries <= 400; tries += 1) {
        if (wish(certificate(name))) return certificate(name);
        await delay(25);
      }
      throw new Error(`not within ten seconds: ${JSON.stringify(certificate(name), null, 2)}\n${lines.join('')}`);
    },
    renew: async (name) => {
      const answer = await askAgent(config.stateDir, { command: 'renew', ...(name !== undefined && { name }) });
      const { renewed } = answer as { renewed: { fingerprint: string | null; error: unknown }[] };
      const [first] = renewed;
      if (first?.fingerprint === null || first === undefined) throw new Error(`not renewed: ${JSON.stringify(answer)}`);
      return first.fingerprint;
    },
    reload: async (next) => {
      await writeFile(configFile, next);
      await agent.reload(() => loadAgentConfig(configFile));
    },
    stop,
  };
}

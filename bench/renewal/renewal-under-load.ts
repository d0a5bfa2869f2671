import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { connect } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { agentHead, existingPair } from '../../test/agent/support/agent-in-process.ts';
import { type AgentProcess, startAgentProcess } from '../../test/agent/support/agent-process.ts';
import { startNginx } from '../../test/agent/support/programs.ts';
import { openScene, type Scene } from '../../test/agent/support/scene.ts';
import { allowService } from '../../test/support/configure.ts';
import { freePorts } from '../../test/support/free-ports.ts';
import type { Lifetime } from '../../test/support/lifetime.ts';
import { type RunningPki, runningPki } from '../../test/support/running-pki.ts';
import type { NodeServerNews, NodeServerPlan } from './node-server.ts';
import { type LoadFigures, startSteadyLoad } from './steady-load.ts';

export interface RenewalPlan {
  /** Of each of the two servers. */
  readonly renewals: number;
  readonly perSecond: number;
  /** Between one pair of renewals and the next. */
  readonly pauseMs: number;
}

export interface RenewalFigures extends LoadFigures {
  /** From the moment a renewal was asked for until a new connection was shown its certificate; one for each. */
  readonly nodeOnWireMs: readonly number[];
  readonly nginxOnWireMs: readonly number[];
  /** Of the agent at the end. */
  readonly agentResidentKib: number;
  readonly agentIsBuilt: boolean;
}

const service = 'renewed';
const serverName = `${service}.vcc.local`;
const built = fileURLToPath(new URL('../../apps/cli/dist/main.js', import.meta.url));

/** A Node server with the client library and an nginx behind the agent renew, while both answer a steady load. */
export async function measureRenewals(
  t: Lifetime,
  plan: RenewalPlan,
  progress: (line: string) => void = () => {},
): Promise<RenewalFigures> {
  const configure = allowService(service, 'max_certificates: 100000', 'rate_limit_certs_per_hour: 5000');
  const pki = await runningPki(t, { configure });
  const scene = await openScene(t);
  const node = await startNode(scene, pki);
  const nginx = await startProxied(scene, pki);
  const ca = pki.rootPem;
  const load = startSteadyLoad({ ports: [node.port, nginx.port], ca, serverName, perSecond: plan.perSecond });
  scene.after(() => load.stop());
  const [nodeOnWireMs, nginxOnWireMs]: [number[], number[]] = [[], []];
  for (let n = 1; n <= plan.renewals; n += 1) {
    await delay(plan.pauseMs);
    nodeOnWireMs.push(await untilOnWire('node', { port: node.port, ca, renew: () => node.renew() }));
    nginxOnWireMs.push(await untilOnWire('nginx', { port: nginx.port, ca, renew: () => nginx.agent.renew() }));
    progress(
      `renewal ${n}: node ${Math.round(nodeOnWireMs.at(-1) ?? 0)} ms, nginx ${Math.round(nginxOnWireMs.at(-1) ?? 0)} ms`,
    );
  }
  await delay(plan.pauseMs);
  const figures = await load.stop();
  const agentResidentKib = await nginx.agent.residentKib();
  await nginx.agent.end('SIGTERM');
  return { ...figures, nodeOnWireMs, nginxOnWireMs, agentResidentKib, agentIsBuilt: existsSync(built) };
}

async function startNode(scene: Scene, pki: RunningPki): Promise<{ port: number; renew(): Promise<void> }> {
  const folder = join(scene.folder, 'node');
  await mkdir(folder);
  const { cert, certificatePem, key } = await pki.issueFor(service);
  const files = { 'cert.pem': certificatePem, 'fullchain.pem': cert, 'key.pem': key, 'root-ca.pem': pki.rootPem };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text, { mode: 0o600 });
  const plan: NodeServerPlan = { pkiServerUrl: pki.apiUrl, serviceId: service, folder };
  const child = fork(new URL('./node-server.ts', import.meta.url), [JSON.stringify(plan)], {
    execArgv: ['--conditions=@vcc-pki/source', '--disable-warning=ExperimentalWarning'],
  });
  const exited = once(child, 'exit');
  scene.after(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  const { port } = (await nextNews(child, exited)) as { port: number };
  return {
    port,
    renew: async () => {
      child.send('renew');
      await nextNews(child, exited);
    },
  };
}

async function nextNews(child: ChildProcess, exited: Promise<unknown>): Promise<NodeServerNews> {
  const [news] = (await Promise.race([once(child, 'message'), exited])) as [NodeServerNews | number | null];
  if (news === null || typeof news === 'number') throw new Error('the Node server ended');
  return news;
}

/** nginx with the files of an agent, which looks after it in a process of its own. */
async function startProxied(scene: Scene, pki: RunningPki): Promise<{ port: number; agent: AgentProcess }> {
  const folder = join(scene.folder, 'proxied');
  await existingPair(pki, folder, service);
  const [port] = (await freePorts(1)) as [number];
  const configFile = join(folder, 'agent.yaml');
  await writeFile(
    configFile,
    `${agentHead(pki)}certificates:
  - name: web
    service_id: ${service}
    existing_cert_file: ${service}.pem
    existing_key_file: ${service}.key
    outputs: [{ adapter: nginx, folder: tls, reload: { pid_file: nginx.pid } }]
    proof: { registered_endpoints: false, endpoints: [{ address: "127.0.0.1:${port}", server_name: ${serverName} }] }
`,
  );
  const main = existsSync(built) ? built : undefined;
  const agent = await startAgentProcess(scene, { configFile, stateDir: join(folder, 'state'), main });
  await agent.until(({ certificates }) => certificates[0]?.outputs[0]?.written_fingerprint !== null);
  await startNginx(scene, folder, { port, tlsFolder: join(folder, 'tls') });
  await agent.until(({ certificates }) => certificates[0]?.proof.state === 'proven');
  return { port, agent };
}

/** Time from the request for a renewal until a new connection is shown another certificate than before. */
async function untilOnWire(
  name: string,
  { port, ca, renew }: { readonly port: number; readonly ca: string; readonly renew: () => Promise<void> },
): Promise<number> {
  const look = async (): Promise<string> => {
    for (let tries = 1; ; tries += 1) {
      try {
        return await shown(port, ca);
      } catch (cause) {
        // See `reconnected`.
        if (tries === 3) throw new Error(`${name} at ${port} does not complete a handshake`, { cause });
      }
    }
  };
  const before = await look();
  const start = performance.now();
  await renew();
  for (;;) {
    if ((await look()) !== before) return performance.now() - start;
    if (performance.now() - start > 30_000) throw new Error('the new certificate is not on the wire after 30 seconds');
    await delay(10);
  }
}

async function shown(port: number, ca: string): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port, ca, servername: serverName });
  try {
    await once(socket, 'secureConnect');
    return socket.getPeerX509Certificate()?.fingerprint256 ?? '';
  } finally {
    socket.destroy();
  }
}

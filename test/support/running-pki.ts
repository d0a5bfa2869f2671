import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodePem } from '@vcc-pki/asn1';
import {
  type Clock,
  initializePki,
  type RunningServer,
  type ServerOptions,
  startServer,
  systemClock,
} from '@vcc-pki/server';
import { generateKey, type KeyType, signCertificateRequest } from '@vcc-pki/signer';
import { type Answer, type CallOptions, callApi, type Identity } from './call-api.ts';
import { freePorts } from './free-ports.ts';
import type { Lifetime } from './lifetime.ts';
import { temporaryDirectory } from './temporary-directory.ts';

export interface RunningPkiOptions {
  /** Of the ledger; SQLite in the folder of the PKI when absent. */
  readonly databaseUrl?: string | undefined;
  readonly clock?: Clock | undefined;
  /** Changes a configuration file before it is used: its name (`pki_config.yaml` ...) and text to the new text. */
  readonly configure?: ((name: string, text: string) => string) | undefined;
  readonly server?: Partial<ServerOptions> | undefined;
}

/** A PKI made by the real `init`, served by the real server on loopback, with an administrator to talk to it. */
export interface RunningPki {
  readonly directory: string;
  /** Of the ledger, for those who look into it past the server. */
  readonly databaseUrl: string;
  readonly port: number;
  readonly publicPort: number;
  readonly apiUrl: string;
  readonly publicUrl: string;
  readonly rootFile: string;
  readonly intermediateFile: string;
  readonly rootPem: string;
  readonly intermediatePem: string;
  readonly passphrase: Uint8Array;
  readonly admin: Identity;
  /** Lines of the structured log so far. */
  readonly log: readonly string[];
  /** The server that runs now; another one after a restart. */
  readonly server: () => RunningServer;
  /** Calls the API as the administrator, or as somebody else, or with `as: null` as nobody. */
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  /** Has the administrator request a certificate for a new key of a service. */
  issueFor(service: string, options?: IssueOptions): Promise<IssuedIdentity>;
  restart(changes?: Partial<ServerOptions>): Promise<void>;
}

export interface IssueOptions {
  readonly keyType?: KeyType;
  /** Further members of the request's body. */
  readonly body?: Readonly<Record<string, unknown>>;
}

export interface IssuedIdentity extends Identity {
  readonly certificateId: string;
  readonly certificatePem: string;
  readonly answer: Answer;
}

/** Starts a PKI that is stopped and removed after the test. */
export async function runningPki(t: Lifetime, options: RunningPkiOptions = {}): Promise<RunningPki> {
  const directory = await temporaryDirectory(t);
  const [port, publicPort] = (await freePorts(2)) as [number, number];
  const clock = options.clock ?? systemClock;
  const passphrase = new TextEncoder().encode('a passphrase for tests');
  await prepareConfig(directory, { port, publicPort, options });
  await initializePki({ directory, passphrase, clock });
  const log: string[] = [];
  const start = (changes: Partial<ServerOptions> = {}): Promise<RunningServer> =>
    startServer({
      directory,
      passphrase,
      clock,
      logTo: { write: (line) => void log.push(line) },
      ...options.server,
      ...changes,
    });
  let server = await start();
  t.after(() => server.close());
  const read = (name: string): Promise<string> => readFile(join(directory, name), 'utf8');
  const rootPem = await read('root_ca.pem');
  const intermediatePem = await read('intermediate/intermediate_ca.pem');
  const admin = { cert: await read('admin-cli/fullchain.pem'), key: await read('admin-cli/key.pem') };
  const apiUrl = `https://localhost:${port}`;
  const call = (method: string, path: string, { as = admin, ...rest }: CallOptions = {}): Promise<Answer> =>
    callApi(`${apiUrl}${path}`, { method, ca: rootPem, as, ...rest });
  return {
    ...{ directory, port, publicPort, apiUrl, rootPem, intermediatePem, passphrase, admin, log, call },
    publicUrl: `http://localhost:${publicPort}`,
    databaseUrl: options.databaseUrl ?? `sqlite:${join(directory, 'database/pki_server.db')}`,
    rootFile: join(directory, 'root_ca.pem'),
    intermediateFile: join(directory, 'intermediate/intermediate_ca.pem'),
    server: () => server,
    issueFor: (service, issueOptions) => issueFor(call, service, issueOptions),
    restart: async (changes) => {
      await server.close();
      server = await start(changes);
    },
  };
}

/** Runs `init` once for its configuration files alone, so that a test can change them first. */
async function prepareConfig(
  directory: string,
  setup: { port: number; publicPort: number; options: RunningPkiOptions },
): Promise<void> {
  const { defaultConfigFiles } = await import('../../apps/server/src/config/index.ts');
  const { mkdir } = await import('node:fs/promises');
  await mkdir(join(directory, 'config'), { recursive: true });
  const { databaseUrl, configure = (_name: string, text: string) => text } = setup.options;
  const files = defaultConfigFiles({
    pki_server: {
      host: '127.0.0.1',
      public_host: '127.0.0.1',
      port: setup.port,
      public_port: setup.publicPort,
      ...(databaseUrl !== undefined && { database: databaseUrl }),
    },
  });
  for (const { name, text } of files) await writeFile(join(directory, 'config', name), configure(name, text));
}

/** A new key and its CSR, both PEM. */
export async function newRequest(keyType: KeyType = 'P-256'): Promise<{ key: string; csr: string }> {
  const privateKey = await generateKey(keyType);
  return {
    key: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    csr: encodePem('CERTIFICATE REQUEST', await signCertificateRequest(privateKey)),
  };
}

async function issueFor(
  call: RunningPki['call'],
  service: string,
  { keyType, body }: IssueOptions = {},
): Promise<IssuedIdentity> {
  const { key, csr } = await newRequest(keyType);
  const answer = await call('POST', '/api/v1/certificates/request', { body: { service_name: service, csr, ...body } });
  if (answer.status !== 201) throw new Error(`no certificate for ${service}: ${JSON.stringify(answer.body)}`);
  const { certificate_id, certificate_pem, chain_pem } = answer.json() as Record<string, string>;
  return {
    key,
    cert: `${certificate_pem}${chain_pem}`,
    certificateId: `${certificate_id}`,
    certificatePem: `${certificate_pem}`,
    answer,
  };
}

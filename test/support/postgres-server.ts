import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, chown, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findPostgres, type PostgresBinaries } from './postgres-binaries.ts';

/** A PostgreSQL server of our own. */
export interface PostgresServer {
  /** Of its superuser and its database `postgres`. */
  readonly url: string;
  /** Stops it and removes its files. */
  stop(): Promise<void>;
}

const run = promisify(execFile);

/** PostgreSQL refuses to run as root, so root lends it one of these users. */
const unprivilegedUsers = ['postgres', 'nobody'];

/** A cluster on a slow disk, checked at every start, takes some seconds. */
const startTimeoutMs = 60_000;

/**
 * Starts a real PostgreSQL on a free loopback port, with its files in a temporary directory. fsync stays on: what is
 * measured and killed here is what runs in production.
 */
export async function startPostgres(): Promise<PostgresServer> {
  const directory = await mkdtemp(join(tmpdir(), 'vcc-pki-postgres-'));
  try {
    const user = await processUser();
    const binaries = await findPostgres(join(directory, 'native'));
    const password = randomBytes(16).toString('hex');
    await initialise({ directory, binaries, user, password });
    const { server, port } = await launch({ directory, binaries, user });
    return {
      url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
      stop: async () => {
        await stop(server);
        await rm(directory, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await rm(directory, { recursive: true, force: true });
    throw error;
  }
}

interface ProcessUser {
  readonly uid?: number;
  readonly gid?: number;
}

async function processUser(): Promise<ProcessUser> {
  if (process.getuid?.() !== 0) return {};
  const passwd = await readFile('/etc/passwd', 'utf8');
  const accounts = new Map(passwd.split('\n').map((line) => [line.split(':')[0], line.split(':')]));
  for (const name of unprivilegedUsers) {
    const [, , uid, gid] = accounts.get(name) ?? [];
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new Error(`PostgreSQL must not run as root, and there is no user ${unprivilegedUsers.join(' or ')}.`);
}

interface Cluster {
  readonly directory: string;
  readonly binaries: PostgresBinaries;
  readonly user: ProcessUser;
}

/** One locale for the log that is read here and for the order of texts, whatever the machine's is. */
const environment = { ...process.env, LC_ALL: 'C' };

async function initialise({ directory, binaries, user, password }: Cluster & { password: string }): Promise<void> {
  const passwordFile = join(directory, 'password');
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (user.uid !== undefined && user.gid !== undefined) {
    await chown(directory, user.uid, user.gid);
    await chown(passwordFile, user.uid, user.gid);
  }
  await chmod(directory, 0o700);
  const initdb = ['-D', join(directory, 'data'), '-U', 'postgres', '-E', 'UTF8', '--no-sync'];
  const authentication = ['--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  await run(binaries.initdb, [...initdb, ...authentication], { ...user, cwd: directory, env: environment });
}

async function launch(cluster: Cluster): Promise<{ server: ChildProcess; port: number }> {
  // Another program can take the port between its choice and the start.
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    try {
      return { server: await startServer(cluster, port), port };
    } catch (error) {
      if (attempt === 3) throw error;
    }
  }
}

async function startServer({ directory, binaries, user }: Cluster, port: number): Promise<ChildProcess> {
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=on', 'max_connections=200'];
  const server = spawn(
    binaries.postgres,
    ['-D', join(directory, 'data'), '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
    { ...user, cwd: directory, env: environment, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  await ready(server);
  guard(server, directory);
  return server;
}

/** The server must not outlive the test run, however that ends. */
function guard(server: ChildProcess, directory: string): void {
  const program = fileURLToPath(new URL('./postgres-guard.ts', import.meta.url));
  const watching = spawn(process.execPath, [program, String(server.pid), directory], {
    // Apart from this process group, or an interrupt from the keyboard would end it first.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watching.unref();
  server.once('exit', () => watching.kill());
}

async function ready(server: ChildProcess): Promise<void> {
  let log = '';
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const failed = (reason: string) => reject(new Error(`PostgreSQL ${reason}:\n${log}`));
  server.stderr?.setEncoding('utf8').on('data', (text: string) => {
    // Read to the end of its days, lest the pipe fills up and stops the server.
    if (log.length < 10_000) log += text;
    if (text.includes('ready to accept connections')) resolve();
  });
  server.once('error', reject);
  server.once('exit', (code) => failed(`ended with code ${code}`));
  const timer = setTimeout(() => failed('did not become ready'), startTimeoutMs);
  try {
    await promise;
  } catch (error) {
    server.kill('SIGQUIT');
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const exited = once(server, 'exit');
  // Fast shutdown: connections are cut, the files stay sound.
  server.kill('SIGINT');
  await exited;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  if (address === null || typeof address === 'string') throw new Error('A TCP server has no port.');
  probe.close();
  await once(probe, 'close');
  return address.port;
}

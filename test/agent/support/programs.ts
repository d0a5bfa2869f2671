import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Lifetime } from '../../support/lifetime.ts';
import { findPostgres } from '../../support/postgres-binaries.ts';
import { runProgram } from '../../support/run-program.ts';
import { systemProgram } from '../../support/system-program.ts';
import { untilListening } from '../../support/until-listening.ts';

/** nginx with its certificate from a folder, its process id in `nginx.pid` beside it. */
export async function startNginx(
  t: Lifetime,
  folder: string,
  { port, tlsFolder }: { readonly port: number; readonly tlsFolder: string },
): Promise<void> {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path temp;`);
  await mkdir(join(folder, 'temp'), { recursive: true });
  await writeFile(
    join(folder, 'nginx.conf'),
    `daemon off;
worker_processes 1;
pid nginx.pid;
events {}
http {
  access_log off;
  keepalive_requests 100000;
  ${temporary.join('\n  ')}
  server {
    listen 127.0.0.1:${port} ssl;
    ssl_certificate ${tlsFolder}/fullchain.pem;
    ssl_certificate_key ${tlsFolder}/key.pem;
    location / { return 200 "hello"; }
  }
}
`,
  );
  const server = spawn(systemProgram('nginx'), ['-p', folder, '-c', 'nginx.conf', '-e', 'error.log'], {
    stdio: 'ignore',
  });
  endAfter(t, server, 'SIGTERM');
  await untilListening(port, 'nginx');
}

/** HAProxy in master-worker mode, the master's process id in `haproxy.pid`. */
export async function startHaproxy(
  t: Lifetime,
  folder: string,
  { port, certificate, socket }: { readonly port: number; readonly certificate: string; readonly socket: string },
): Promise<void> {
  await writeFile(
    join(folder, 'haproxy.cfg'),
    `global
  stats socket ${socket} mode 600 level admin expose-fd listeners
  master-worker
defaults
  mode http
  timeout connect 5s
  timeout client 30s
  timeout server 30s
frontend tls
  bind 127.0.0.1:${port} ssl crt ${certificate}
  http-request return status 200 content-type text/plain string hello
`,
  );
  const server = spawn(
    systemProgram('haproxy'),
    ['-W', '-f', join(folder, 'haproxy.cfg'), '-p', join(folder, 'haproxy.pid')],
    {
      stdio: 'ignore',
    },
  );
  endAfter(t, server, 'SIGTERM');
  await untilListening(port, 'haproxy');
}

/** PostgreSQL with TLS from a folder, its data and `postmaster.pid` in `data`, as the user `user`. */
export async function startPostgres(
  t: Lifetime,
  folder: string,
  { port, tlsFolder, user }: { readonly port: number; readonly tlsFolder: string; readonly user: UserIds },
): Promise<void> {
  const binaries = await findPostgres(join(folder, 'binaries'));
  const data = join(folder, 'data');
  await mkdir(data, { mode: 0o700 });
  await chown(data, user.uid, user.gid);
  const made = await runProgram(binaries.initdb, ['-D', data, '-A', 'trust', '-U', 'postgres', '-N'], {
    ...user,
    cwd: data,
  });
  if (made.code !== 0) throw new Error(`initdb: ${made.stderr}`);
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    ssl: 'on',
    ssl_cert_file: join(tlsFolder, 'server.crt'),
    ssl_key_file: join(tlsFolder, 'server.key'),
    ssl_ca_file: join(tlsFolder, 'root.crt'),
    fsync: 'off',
  };
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const server = spawn(binaries.postgres, ['-D', data, '-p', `${port}`, ...args], {
    ...user,
    cwd: data,
    stdio: 'ignore',
  });
  endAfter(t, server, 'SIGINT');
  await untilListening(port, 'postgres');
}

/** Whom a program runs as. */
export interface UserIds {
  readonly uid: number;
  readonly gid: number;
}

function endAfter(t: Lifetime, server: ChildProcess, signal: NodeJS.Signals): void {
  t.after(async () => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const exited = once(server, 'exit');
    server.kill(signal);
    await exited;
  });
}

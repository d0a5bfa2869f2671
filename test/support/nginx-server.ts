import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePorts } from './free-ports.ts';
import type { Lifetime } from './lifetime.ts';
import { runProgram } from './run-program.ts';
import { systemProgram } from './system-program.ts';
import { temporaryDirectory } from './temporary-directory.ts';
import { untilListening } from './until-listening.ts';

export interface NginxFiles {
  /** What nginx shows, and its key; all PEM. */
  readonly certificate: string;
  readonly key: string;
  /** The CAs whose clients it takes, and the CRLs of all of them: it lets in only clients whose certificates verify. */
  readonly clients?: { readonly ca: string; readonly crl: string };
  /** The CAs by which it verifies OCSP answers about its own certificate: it fetches and staples them. */
  readonly stapling?: { readonly ca: string };
}

/** An nginx of our own. */
export interface NginxServer {
  readonly port: number;
  /** Replaces the CRLs and has nginx read its configuration again, as an operator would. */
  reload(crl: string): Promise<void>;
}

/** Starts nginx on a free loopback port, with all its files in a temporary folder. */
export async function nginxServer(t: Lifetime, files: NginxFiles): Promise<NginxServer> {
  const prefix = await temporaryDirectory(t);
  const [port] = (await freePorts(1)) as [number];
  await mkdir(join(prefix, 'temp'));
  await writeFiles(prefix, {
    'nginx.conf': configuration(port, files),
    'certificate.pem': files.certificate,
    'key.pem': files.key,
    ...(files.clients && { 'client-ca.pem': files.clients.ca, 'crl.pem': files.clients.crl }),
    ...(files.stapling && { 'trusted.pem': files.stapling.ca }),
  });
  const nginx = systemProgram('nginx');
  const args = ['-p', prefix, '-c', 'nginx.conf', '-e', 'error.log'];
  const checked = await runProgram(nginx, [...args, '-t']);
  if (checked.code !== 0) throw new Error(`nginx refuses its configuration: ${checked.stderr}`);
  const server = spawn(nginx, args, { stdio: 'ignore' });
  t.after(async () => {
    if (server.exitCode !== null) return;
    server.kill('SIGQUIT');
    await once(server, 'exit');
  });
  await untilListening(port, 'nginx');
  return {
    port,
    reload: async (crl) => {
      await writeFiles(prefix, { 'crl.pem': crl });
      server.kill('SIGHUP');
    },
  };
}

function configuration(port: number, { clients, stapling }: NginxFiles): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path temp;`);
  return `
daemon off;
worker_processes 1;
pid nginx.pid;
events {}
http {
  access_log off;
  ${temporary.join('\n  ')}
  server {
    listen 127.0.0.1:${port} ssl;
    ssl_certificate certificate.pem;
    ssl_certificate_key key.pem;
    ${clients === undefined ? '' : verifyClients}
    ${stapling === undefined ? '' : staple}
    location / { return 200 "hello $ssl_client_s_dn"; }
  }
}
`;
}

const verifyClients =
  'ssl_verify_client on; ssl_verify_depth 2; ssl_client_certificate client-ca.pem; ssl_crl crl.pem;';

const staple = 'ssl_stapling on; ssl_stapling_verify on; ssl_trusted_certificate trusted.pem;';

async function writeFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text, { mode: 0o600 });
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePorts } from './free-ports.ts';
import type { Lifetime } from './lifetime.ts';
import { runProgram } from './run-program.ts';
import { systemProgram } from './system-program.ts';
import { temporaryDirectory } from './temporary-directory.ts';
import { untilListening } from './until-listening.ts';

export interface HaproxyFiles {
  /** What HAProxy shows, and its key, PEM. */
  readonly certificate: string;
  readonly key: string;
  /** An OCSP answer about its certificate, DER, to be stapled. */
  readonly ocsp?: Uint8Array;
  /** The CAs whose clients it takes, and the CRLs of all of them, PEM. */
  readonly clients?: { readonly ca: string; readonly crl: string };
}

/** Starts an HAProxy that says who is calling, on a free loopback port. @returns the port. */
export async function haproxyServer(t: Lifetime, files: HaproxyFiles): Promise<number> {
  const folder = await temporaryDirectory(t);
  const [port] = (await freePorts(1)) as [number];
  const write = (name: string, contents: string | Uint8Array): Promise<void> =>
    writeFile(join(folder, name), contents, { mode: 0o600 });
  await write('haproxy.cfg', configuration(folder, port, files.clients !== undefined));
  await write('server.pem', files.certificate + files.key);
  if (files.ocsp !== undefined) await write('server.pem.ocsp', files.ocsp);
  if (files.clients !== undefined) {
    await write('clients.pem', files.clients.ca);
    await write('crls.pem', files.clients.crl);
  }
  const args = ['-f', join(folder, 'haproxy.cfg')];
  const checked = await runProgram(systemProgram('haproxy'), [...args, '-c']);
  if (checked.code !== 0) throw new Error(`HAProxy refuses its configuration: ${checked.stderr}`);
  const server = spawn(systemProgram('haproxy'), [...args, '-db'], { stdio: 'ignore' });
  t.after(async () => {
    if (server.exitCode !== null) return;
    server.kill('SIGTERM');
    await once(server, 'exit');
  });
  await untilListening(port, 'HAProxy');
  return port;
}

function configuration(folder: string, port: number, verifiesClients: boolean): string {
  const clients = verifiesClients ? `verify required ca-file ${folder}/clients.pem crl-file ${folder}/crls.pem` : '';
  return `
defaults
  mode http
  timeout client 5s
  timeout server 5s
  timeout connect 5s
frontend judge
  bind 127.0.0.1:${port} ssl crt ${folder}/server.pem ${clients}
  http-request return status 200 content-type text/plain lf-string "hello %[ssl_c_s_dn(CN)]"
`;
}

#!/usr/bin/env -S node --conditions=@vcc-pki/source --disable-warning=ExperimentalWarning
import { once } from 'node:events';
import { enableCompileCache } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

const oldestNode = 24;

if (Number.parseInt(process.versions.node, 10) < oldestNode) {
  process.stderr.write(
    `error: vcc-pki needs Node.js ${oldestNode} or newer, this is ${process.versions.node}; "npx vcc-pki" brings its own\n`,
  );
  process.exit(1);
}

// Loaded only now: on an older Node already the imports of these would fail, with a message that helps nobody.
const { leanNodeOptions } = await import('./agent/lean-options.ts');

// The same process with other options: it keeps its id, its descriptors and its place under a service manager.
const lean = leanNodeOptions(process.argv.slice(2), {
  nodeOptions: process.execArgv,
  isBuilt: import.meta.filename.endsWith('.js'),
});
if (lean !== undefined && process.execve !== undefined && process.platform !== 'win32') {
  process.execve(process.execPath, [process.execPath, ...lean, ...process.argv.slice(1)], process.env);
}

// Most of a short command's time is reading modules: what was compiled once is kept, in a folder that is the user's own, for
// whoever could write there could run code here.
enableCompileCache(join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'vcc-pki'));

const isAgent = process.argv[2] === 'agent';
const run = isAgent ? (await import('./agent-cli.ts')).runAgentCli : (await import('./cli.ts')).runCli;
const { openTerminal } = await import('./terminal.ts');

for (const stream of [process.stdout, process.stderr]) {
  // "vcc-pki list | head" closes the pipe early; that is no failure.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
}

process.exitCode = await run(process.argv.slice(2), {
  environment: {
    directory: process.env['PKI_DIR'] || undefined,
    port: process.env['PKI_PORT'] || undefined,
    publicPort: process.env['PKI_PUBLIC_PORT'] || undefined,
    passphraseFile: process.env['VCC_PKI_PASSPHRASE_FILE'] || undefined,
  },
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  terminal: openTerminal({ input: process.stdin, output: process.stdout, questions: process.stderr }),
  clock: { now: () => Date.now() },
  untilStopped: () => Promise.race(['SIGINT', 'SIGTERM'].map((signal) => once(process, signal))).then(() => undefined),
  onReload: (listener) => {
    process.on('SIGHUP', listener);
    return () => process.off('SIGHUP', listener);
  },
});

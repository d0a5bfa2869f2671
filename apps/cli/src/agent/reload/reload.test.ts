import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

import { AgentError } from '../agent-error.ts';
import type { Material } from '../outputs/material.ts';
import { reload } from './reload.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vcc-pki-reload-'));
});
after(() => rm(folder, { recursive: true }));

const material: Material = { certPem: 'C\n', keyPem: 'K\n', fullchainPem: 'C\n\nI\n', caPem: 'R\n' };
const run = (script: string, timeoutMs = 10_000): Promise<void> =>
  reload({ kind: 'command', command: [process.execPath, '-e', script], timeoutMs }, material);

function failsWith(code: string, message: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof AgentError, String(error));
    assert.equal(error.code, code);
    assert.match(error.message, message);
    return true;
  };
}

test('a command that ends with 0 is good, with what a shell would make of its arguments left alone', async () => {
  await run('process.exit(0)');
  const echo = `process.exit(process.argv[1] === '$(touch x); *' ? 0 : 1)`;
  await reload(
    { kind: 'command', command: [process.execPath, '-e', echo, '$(touch x); *'], timeoutMs: 10_000 },
    material,
  );
});

test('a command that fails is told with the last it said', async () => {
  await assert.rejects(
    run('console.error("x".repeat(9999) + "no such file"); process.exit(3)'),
    failsWith('reloadFailed', /ended with 3: x{1,500}no such file$/),
  );
  await assert.rejects(
    run('process.kill(process.pid, "SIGTERM"); setInterval(() => {}, 1000)'),
    failsWith('reloadFailed', /was ended by SIGTERM/),
  );
  const missing = { kind: 'command', command: [join(folder, 'nothing')], timeoutMs: 1000 } as const;
  await assert.rejects(reload(missing, material), failsWith('reloadFailed', /cannot be run/));
});

/** Whether a line of /proc is that of a process that can still do something. */
function isAlive(stat: string): boolean {
  return stat !== '' && !/\) [ZX] /.test(stat);
}

test('a command that hangs is killed with what it started', async () => {
  const pidFile = join(folder, 'grandchild');
  const script = `
    const { spawn } = require('node:child_process');
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    require('node:fs').writeFileSync(${JSON.stringify(pidFile)}, String(child.pid));
    setInterval(() => {}, 1000);`;
  await assert.rejects(run(script, 700), failsWith('reloadTimeout', /within 0.7 s/));
  const pid = Number(await readFile(pidFile, 'utf8'));
  // Killed in this moment; it is init's to collect, and until then it may be there as a zombie.
  for (let tries = 1; isAlive(await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')); tries += 1) {
    assert.ok(tries < 100, 'it still runs');
    await delay(20);
  }
});

test('a signal goes to the process in the file', async () => {
  const child = spawn(
    process.execPath,
    ['-e', 'process.on("SIGHUP", () => process.exit(42)); console.log("ready"); setInterval(() => {}, 1000)'],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  await once(child.stdout, 'data');
  const pidFile = join(folder, 'pid');
  await writeFile(pidFile, `${child.pid}\n/var/lib/data\n`);
  await reload({ kind: 'signal', signal: 'SIGHUP', pidFile }, material);
  assert.deepEqual(await once(child, 'exit'), [42, null]);
  await assert.rejects(
    reload({ kind: 'signal', signal: 'SIGHUP', pidFile }, material),
    failsWith('reloadFailed', /no such process/),
  );
});

for (const contents of ['', '1\n', '0\n', '-5\n', 'abc', '99999999999999']) {
  test(`a pid file with ${JSON.stringify(contents)} signals nobody`, async () => {
    const pidFile = join(folder, 'bad-pid');
    await writeFile(pidFile, contents);
    await assert.rejects(
      reload({ kind: 'signal', signal: 'SIGHUP', pidFile }, material),
      failsWith('reloadFailed', /no process id/),
    );
  });
}

test('a pid file of another user cannot point at a process that is not theirs', {
  skip: process.geteuid?.() !== 0 && 'needs root; CI is root',
}, async () => {
  const pidFile = join(folder, 'foreign-pid');
  await writeFile(pidFile, `${process.pid}\n`);
  await chown(pidFile, 12345, 12345);
  await assert.rejects(
    reload({ kind: 'signal', signal: 'SIGHUP', pidFile }, material),
    failsWith('reloadFailed', /belongs to user 12345/),
  );
});

test('HAProxy that does not take a certificate is told, and its transaction is given up', async () => {
  const socket = join(folder, 'haproxy.sock');
  const commands: string[] = [];
  const server = createServer({ allowHalfOpen: true }, (connection) => {
    connection.setEncoding('utf8').once('data', (command: string) => {
      commands.push(command);
      connection.end(command.startsWith('commit') ? "Can't commit!\n\n" : 'Transaction created for certificate x!\n\n');
    });
  }).listen(socket);
  await once(server, 'listening');
  const action = { kind: 'haproxyRuntime', socket, certificateFile: '/etc/tls/all.pem', timeoutMs: 2000 } as const;
  await assert.rejects(reload(action, material), failsWith('reloadFailed', /Can't commit/));
  assert.deepEqual(commands, [
    'set ssl cert /etc/tls/all.pem <<\nC\nI\nK\n\n',
    'commit ssl cert /etc/tls/all.pem\n',
    'abort ssl cert /etc/tls/all.pem\n',
  ]);
  server.close();
  await assert.rejects(
    reload({ ...action, socket: join(folder, 'none.sock') }, material),
    failsWith('reloadFailed', /ENOENT/),
  );
});

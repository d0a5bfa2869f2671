// Runs when the published package is installed: builds the accelerator where there is a C compiler, in a process of its own, says in
// one line which path is active, and never fails an install. Needs no network.
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const path = (name) => fileURLToPath(new URL(name, import.meta.url));

/** Longest time for a compilation of one small file and its proof; a compiler that hangs must not hang an install. */
const timeoutMs = 120_000;

// In the repository it is built on request alone: `npm run build:accelerator`.
if (!existsSync(path('../src'))) {
  const command = path('../dist/accelerator/build-command.js');
  const { status, signal, error, stdout, stderr } = spawnSync(process.execPath, [command, '--if-possible'], {
    encoding: 'utf8',
    timeout: timeoutMs,
  });
  if (status === 0) {
    process.stdout.write(`@vcc-pki/key-provider: ${(stdout || stderr).trim()}\n`);
  } else {
    // Whatever lies there has not proven itself.
    rmSync(path('build'), { recursive: true, force: true });
    const reason =
      error?.message ?? signal ?? stderr.split('\n').find((line) => /error/i.test(line)) ?? `exit ${status}`;
    process.stdout.write(
      `@vcc-pki/key-provider: The accelerator is not built: ${reason}. Fields are encrypted by node:crypto.\n`,
    );
  }
}

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A temporary folder in which the openssl command runs; gone when the `using` block ends. */
export class OpensslFolder {
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'x509-test-'));

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true });
  }

  write(name: string, content: Uint8Array | string): string {
    writeFileSync(path.join(this.#folder, name), content);
    return name;
  }

  read(name: string): Uint8Array {
    return new Uint8Array(readFileSync(path.join(this.#folder, name)));
  }

  /** What the command writes to standard output; throws when it fails. */
  run(...args: readonly string[]): string {
    return execFileSync('openssl', args, { cwd: this.#folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  }
}

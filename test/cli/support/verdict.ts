import { runProgram } from '../../support/run-program.ts';
import { systemProgram } from '../../support/system-program.ts';
import { runJson } from './run-cli.ts';

/** What `vcc-pki verify --json` prints, as far as tests look at it. */
export interface VerifyDocument {
  readonly code?: string;
  readonly ok: boolean;
  readonly error?: { readonly code: string; readonly index: number; readonly section: string; readonly advice: string };
  readonly path: {
    readonly complete: boolean;
    readonly certificates: readonly { readonly subject: string; readonly file: string }[];
  };
  readonly checks: readonly {
    readonly check: string;
    readonly result: 'ok' | 'failed' | 'skipped';
    readonly section: string;
    readonly error?: { readonly code: string; readonly advice: string };
    readonly reason?: string;
  }[];
  readonly policies?: readonly string[];
  readonly revocation?: readonly {
    readonly index: number;
    readonly status: string;
    readonly sources: readonly { readonly type: string }[];
  }[];
}

/** Runs `vcc-pki verify … --json`. */
export function verifyJson(args: readonly string[]): Promise<{ code: number; json: VerifyDocument }> {
  return runJson<VerifyDocument>(['verify', ...args]);
}

/** The ids of the checks that came out in a way. */
export function checksThat(result: 'ok' | 'failed' | 'skipped', document: VerifyDocument): string[] {
  return document.checks.filter((check) => check.result === result).map(({ check }) => check);
}

/** Whether `openssl verify` accepts; without the roots that the machine trusts. */
export async function opensslAccepts(args: readonly string[]): Promise<boolean> {
  const isolated = ['-no-CAfile', '-no-CApath', '-no-CAstore'];
  // Level 2 is 112 bits: no SHA-1 and no RSA below 2048 bits, as path validation has it too.
  const { code } = await runProgram(systemProgram('openssl'), ['verify', ...isolated, '-auth_level', '2', ...args]);
  return code === 0;
}

/** `-attime` and `--at` for the same time. */
export function bothAt(ms: number): { readonly ours: readonly string[]; readonly openssl: readonly string[] } {
  return { ours: ['--at', new Date(ms).toISOString()], openssl: ['-attime', String(Math.floor(ms / 1000))] };
}

import { readFile } from 'node:fs/promises';
import { DerError, type PemBlock, parsePem } from '@vcc-pki/asn1';
import { CliError, type CliErrorCode } from './cli-error.ts';

/**
 * Reads a file that must hold at least one PEM block of a kind, and returns its text.
 * @throws {@link CliError} `code`, default `fileUnreadable`, with `advice`
 */
export async function readPem(
  file: string,
  label: string,
  failure: { readonly advice: string; readonly code?: CliErrorCode },
): Promise<string> {
  const code = failure.code ?? 'fileUnreadable';
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new CliError(code, `cannot read ${file}: ${reasonOf(cause)}`, { advice: failure.advice, cause });
  });
  if (blocksOf(text).some((block) => block.label === label)) return text;
  throw new CliError(code, `${file} holds no ${label} in PEM`, { advice: failure.advice });
}

function blocksOf(text: string): PemBlock[] {
  try {
    return parsePem(text);
  } catch (error) {
    if (error instanceof DerError) return [];
    throw error;
  }
}

/** What the file system says, in words. */
export function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ENOENT':
      return 'there is no such file';
    case 'EACCES':
    case 'EPERM':
      return 'permission denied';
    case 'EISDIR':
      return 'it is a folder';
    default:
      return error instanceof Error ? error.message : String(error);
  }
}

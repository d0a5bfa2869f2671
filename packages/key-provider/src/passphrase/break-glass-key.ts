import { pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';

/** OWASP, Password Storage Cheat Sheet 2023, for PBKDF2-HMAC-SHA256. */
const leastIterations = 600_000;
const leastSaltBytes = 16;
const leastPassphraseLength = 16;

export interface BreakGlassOptions {
  /** What a person types: at least 16 characters. */
  readonly passphrase: string;
  /** Random, stored beside what the key protects: at least 16 octets. */
  readonly salt: Uint8Array;
  readonly iterations?: number;
}

/**
 * A key from a passphrase, for the envelope that is opened when nothing else works. PBKDF2 serves this alone: whoever has a
 * random secret derives by HKDF, which costs nothing.
 *
 * @returns 32 octets, the caller's to erase
 * @throws RangeError for a passphrase, salt or count that is too weak
 */
export async function deriveBreakGlassKey({
  passphrase,
  salt,
  iterations = leastIterations,
}: BreakGlassOptions): Promise<Uint8Array> {
  // One form, whatever keyboard it was typed on.
  const text = passphrase.normalize('NFKC');
  if ([...text].length < leastPassphraseLength) throw new RangeError(`at least ${leastPassphraseLength} characters`);
  if (salt.length < leastSaltBytes) throw new RangeError(`a salt of at least ${leastSaltBytes} octets`);
  if (!(iterations >= leastIterations)) throw new RangeError(`at least ${leastIterations} iterations`);
  return promisify(pbkdf2)(text, salt, iterations, 32, 'sha256');
}

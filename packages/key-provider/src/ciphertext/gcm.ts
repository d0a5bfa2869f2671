import { type CipherGCM, createCipheriv, createDecipheriv, createSecretKey, type DecipherGCM } from 'node:crypto';
import { tagBytes } from './record-header.ts';

const cipherName = 'aes-256-gcm';

/** How a fresh key reaches OpenSSL fastest on this Node. */
type KeyPath = 'raw' | 'keyObject';

let keyPath: KeyPath | undefined;

/** How much faster a KeyObject must be to be taken: the two that it is about differ by five times, noise by less than two. */
const clearlyFaster = 2;

/**
 * Which of the two ways is the faster one here, measured once: with the key as a buffer Node 24 takes 25 microseconds and
 * 5 with a KeyObject, Node 22 and 26 the other way about by less.
 */
function fastestKeyPath(): KeyPath {
  keyPath ??= calibrate();
  return keyPath;
}

export function gcmCipher(key: Uint8Array, nonce: Uint8Array): CipherGCM {
  return createCipheriv(cipherName, fastestKeyPath() === 'raw' ? key : createSecretKey(key), nonce);
}

export function gcmDecipher(key: Uint8Array, nonce: Uint8Array): DecipherGCM {
  // The length is stated so that no shorter tag is ever taken (RFC 5116 s5.1).
  return createDecipheriv(cipherName, fastestKeyPath() === 'raw' ? key : createSecretKey(key), nonce, {
    authTagLength: tagBytes,
  });
}

function calibrate(): KeyPath {
  const key = new Uint8Array(32);
  const nonce = new Uint8Array(12);
  const raw = (): unknown => createCipheriv(cipherName, key, nonce).final();
  const keyObject = (): unknown => createCipheriv(cipherName, createSecretKey(key), nonce).final();
  // The first round loads code; the fastest of five is not disturbed by what else the machine does.
  const times = Array.from({ length: 6 }, () => [time(raw), time(keyObject)] as const).slice(1);
  const best = (which: 0 | 1): number => Math.min(...times.map((pair) => pair[which]));
  return best(0) <= best(1) * clearlyFaster ? 'raw' : 'keyObject';
}

function time(run: () => unknown): number {
  const start = performance.now();
  for (let i = 0; i < 30; i++) run();
  return performance.now() - start;
}

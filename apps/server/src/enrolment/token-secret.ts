import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** A new token's id and secret: 256 bits, in base64url. */
export function newTokenSecret(): { readonly tokenId: string; readonly secret: string } {
  return { tokenId: `tok_${randomBytes(16).toString('hex')}`, secret: randomBytes(32).toString('base64url') };
}

/** What is stored of a secret. It has 256 random bits, so one round of SHA-256 cannot be guessed back. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Compares a secret with what is stored, in a time that does not tell how much of it is right. */
export function isSecret(secret: string, storedSha256: string): boolean {
  return timingSafeEqual(Buffer.from(hashSecret(secret), 'hex'), Buffer.from(storedSha256, 'hex'));
}

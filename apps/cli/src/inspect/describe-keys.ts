import type { PrivateKeyObject } from '../pki-objects/pki-object.ts';
import type { Description } from './description.ts';
import { describeKey } from './key-description.ts';

/** Tells of a private key what others may know. */
export function describePrivateKey({ format, isEncrypted, publicKey }: PrivateKeyObject): Description {
  const key = publicKey && describeKey(publicKey);
  return {
    title: 'private key, not shown',
    facts: [
      ['format', format],
      ['encrypted', isEncrypted ? 'yes, with a passphrase' : 'NO: who can read the file has the key'],
      ['key', key?.text ?? (isEncrypted ? undefined : 'not understood')],
      ['weakness', key?.weakness],
      ['key SHA-256', key?.sha256],
    ],
    json: { kind: 'privateKey', format, encrypted: isEncrypted, key: key?.json ?? null },
  };
}

/** Tells what a DER SubjectPublicKeyInfo is. */
export function describePublicKey(der: Uint8Array): Description {
  const key = describeKey(der);
  return {
    title: 'public key',
    facts: [
      ['key', key.text],
      ['weakness', key.weakness],
      ['key SHA-256', key.sha256],
    ],
    json: { kind: 'publicKey', key: key.json },
  };
}

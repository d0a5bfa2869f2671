import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { type SignatureAlgorithmName, signatureAlgorithmForKey, signingInput } from '@vcc-pki/x509';

/** A key made for one test run, which signs with the default algorithm of its kind. */
export interface TestKey {
  readonly algorithm: SignatureAlgorithmName;
  /** DER SubjectPublicKeyInfo. */
  readonly spki: Uint8Array;
  readonly privateKey: KeyObject;
  sign(data: Uint8Array, algorithm?: SignatureAlgorithmName): Uint8Array;
}

const makers = {
  'P-256': () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  'P-384': () => generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  'P-521': () => generateKeyPairSync('ec', { namedCurve: 'P-521' }),
  'RSA-2048': () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  Ed25519: () => generateKeyPairSync('ed25519'),
  'ML-DSA-44': () => generateKeyPairSync('ml-dsa-44'),
  'ML-DSA-65': () => generateKeyPairSync('ml-dsa-65'),
  'ML-DSA-87': () => generateKeyPairSync('ml-dsa-87'),
};

/** Kinds of keys that {@link makeKey} makes. */
export type TestKeyType = keyof typeof makers;

export const keyTypes = Object.keys(makers) as TestKeyType[];

export function makeKey(type: TestKeyType = 'P-256'): TestKey {
  const { publicKey, privateKey } = makers[type]();
  const spki = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }));
  const algorithm = signatureAlgorithmForKey(spki);
  return {
    algorithm,
    spki,
    privateKey,
    sign: (data, name = algorithm) => {
      const { hash, options } = signingInput(name);
      return new Uint8Array(sign(hash, data, { key: privateKey, ...options }));
    },
  };
}

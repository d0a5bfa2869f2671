import { CipherSuite, DhkemP256HkdfSha256, DhkemX25519HkdfSha256, type KemInterface } from '@hpke/core';
import { XWing } from '@hpke/hybridkem-x-wing';
import { hasNativeMlKem, NativeXWing } from './native-x-wing.ts';
import { NodeAes256Gcm, NodeHkdfSha256 } from './node-hpke.ts';

/** How keys are agreed upon. X-Wing is the hybrid of X25519 and ML-KEM-768: what is recorded today stays closed later. */
export const kekKems = ['X25519', 'P-256', 'X-Wing'] as const;

/** Name of a key encapsulation mechanism, on the wire and in configuration. */
export type KekKem = (typeof kekKems)[number];

interface Row {
  /** RFC 9180 s7.1; X-Wing: draft-connolly-cfrg-xwing-kem s6. */
  readonly id: number;
  /** Octets of a serialized public key. */
  readonly publicKeyLength: number;
  /** Octets of an encapsulated secret. */
  readonly encLength: number;
  readonly kem: () => KemInterface;
}

const rows: Readonly<Record<KekKem, Row>> = {
  X25519: { id: 0x0020, publicKeyLength: 32, encLength: 32, kem: () => new DhkemX25519HkdfSha256() },
  'P-256': { id: 0x0010, publicKeyLength: 65, encLength: 65, kem: () => new DhkemP256HkdfSha256() },
  'X-Wing': {
    id: 0x647a,
    publicKeyLength: 1216,
    encLength: 1120,
    kem: () => (hasNativeMlKem() ? new NativeXWing() : new XWing()),
  },
};

const suites = new Map<KekKem, CipherSuite>();

/** The facts about a mechanism. */
export function kemFacts(kem: KekKem): Omit<Row, 'kem'> {
  const { id, publicKeyLength, encLength } = rows[kem];
  return { id, publicKeyLength, encLength };
}

/** True when `name` is a mechanism of this version, for what comes from the wire. */
export function isKekKem(name: unknown): name is KekKem {
  return kekKems.some((kem) => kem === name);
}

/** HPKE (RFC 9180) with the mechanism, HKDF-SHA256 and AES-256-GCM. */
export function hpkeSuite(kem: KekKem): CipherSuite {
  const suite =
    suites.get(kem) ?? new CipherSuite({ kem: rows[kem].kem(), kdf: new NodeHkdfSha256(), aead: new NodeAes256Gcm() });
  suites.set(kem, suite);
  return suite;
}

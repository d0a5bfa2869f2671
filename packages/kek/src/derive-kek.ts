import { hkdfExpand, hkdfExtract } from './hkdf.ts';
import { hpkeSuite, type KekKem } from './kem.ts';
import { pae } from './pae.ts';
import { encodeKekPublicKey } from './public-key.ts';

/** Octets of the secret that a KEK is made of. */
export const kekSeedLength = 32;

/** A line, a version of it, and the mechanism of its key pair. */
export interface KekIdentity {
  /** Name of the line. */
  readonly line: string;
  /** Counts the line's keys, from 1; an unsigned integer of 32 bits. */
  readonly version: number;
  readonly kem: KekKem;
}

/** What a seed gives: siblings, so that one never tells the other. */
export interface DerivedKek {
  /** 32 octets; every data key comes from it. The caller's to erase. */
  readonly root: Uint8Array;
  /** DER SubjectPublicKeyInfo; the certificate of the KEK must hold exactly this. */
  readonly kexPublicKey: Uint8Array;
  /** For opening what was sealed to the certificate, with {@link hpkeSuite}. */
  readonly kexPrivateKey: CryptoKey;
}

const label = 'vcc-pki/kek/v1';

/**
 * Derives a KEK from its seed (docs/keks.md):
 *
 * `PRK = HKDF-Extract(SHA-256, "vcc-pki/kek/v1", seed)`,
 * `root = HKDF-Expand(PRK, PAE("vcc-pki/kek/v1", "root", line, version), 32)`, and the key pair is
 * `DeriveKeyPair(HKDF-Expand(PRK, PAE("vcc-pki/kek/v1", "kex", line, version), 32))` (RFC 9180 s7.1.3),
 * where the line is its name in UTF-8 and the version four octets, big-endian.
 * @param seed 32 octets; not kept and not erased: it is the caller's.
 * @throws RangeError for a seed or version out of bounds.
 */
export async function deriveKek(seed: Uint8Array, { line, version, kem }: KekIdentity): Promise<DerivedKek> {
  if (seed.length !== kekSeedLength) throw new RangeError(`the seed of a KEK has ${kekSeedLength} octets`);
  const pseudoRandomKey = hkdfExtract(label, seed);
  const keyMaterial = hkdfExpand(pseudoRandomKey, pae(label, 'kex', line, kekVersionOctets(version)), 32);
  try {
    const root = hkdfExpand(pseudoRandomKey, pae(label, 'root', line, kekVersionOctets(version)), 32);
    const suite = hpkeSuite(kem);
    const pair = await suite.kem.deriveKeyPair(new Uint8Array(keyMaterial).buffer);
    const octets = new Uint8Array(await suite.kem.serializePublicKey(pair.publicKey));
    return { root, kexPublicKey: encodeKekPublicKey({ kem, octets }), kexPrivateKey: pair.privateKey };
  } finally {
    pseudoRandomKey.fill(0);
    keyMaterial.fill(0);
  }
}

/** A version as labels hold it: four octets, big-endian. @throws RangeError */
export function kekVersionOctets(version: number): Uint8Array {
  if (!Number.isInteger(version) || version < 1 || version > 0xffff_ffff) {
    throw new RangeError('the version of a KEK is an integer from 1 to 4294967295');
  }
  const octets = new Uint8Array(4);
  new DataView(octets.buffer).setUint32(0, version);
  return octets;
}

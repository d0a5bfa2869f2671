import { KeyError } from '../key-error.ts';

/** How records of one suite are laid out and keyed. */
export interface Suite {
  /** The octet in the header. */
  readonly id: number;
  /** Octets of the nonce: 24 for XAES-256-GCM and XChaCha20, 0 where the suite is deterministic. */
  readonly nonceBytes: 0 | 24;
  /** Octets of the key commitment behind the nonce. */
  readonly commitmentBytes: 0 | 16 | 32;
  /** `stream` is a sequence of chunks, `deterministic` gives equal records for equal values, `nonAes` is what a policy must allow. */
  readonly kind: 'record' | 'stream' | 'deterministic' | 'nonAes';
}

/**
 * The suites of ciphertext version 1 (docs/ciphertext-format.md, "Suites").
 *
 * KC is the key commitment of KC-XAES-256-GCM (eprint 2025/758): no second key opens the record. Of 16 octets it binds to
 * 64 bits, which is enough only where nobody else may choose KEKs.
 */
export const suites = {
  'KC-XAES-256-GCM/KC32': { id: 0x01, nonceBytes: 24, commitmentBytes: 32, kind: 'record' },
  'KC-XAES-256-GCM/KC16': { id: 0x02, nonceBytes: 24, commitmentBytes: 16, kind: 'record' },
  'XAES-256-GCM': { id: 0x03, nonceBytes: 24, commitmentBytes: 0, kind: 'record' },
  'KC-XAES-256-GCM/STREAM': { id: 0x04, nonceBytes: 24, commitmentBytes: 32, kind: 'stream' },
  'KC-XChaCha20-Poly1305': { id: 0x10, nonceBytes: 24, commitmentBytes: 32, kind: 'nonAes' },
  'AES-256-SIV': { id: 0x20, nonceBytes: 0, commitmentBytes: 0, kind: 'deterministic' },
} as const satisfies Record<string, Suite>;

export type SuiteName = keyof typeof suites;

/** Of values too large for one record. */
export const streamSuite: SuiteName = 'KC-XAES-256-GCM/STREAM';

const names = new Map<number, SuiteName>(
  (Object.keys(suites) as SuiteName[]).map((name) => [suites[name].id, name] as const),
);

/** @throws {@link KeyError} `UNSUPPORTED_SUITE` */
export function suiteName(id: number): SuiteName {
  const name = names.get(id);
  if (name === undefined) throw new KeyError('UNSUPPORTED_SUITE', `suite 0x${id.toString(16).padStart(2, '0')}`);
  return name;
}

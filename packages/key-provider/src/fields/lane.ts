import { ContextEncoder } from '../ciphertext/context.ts';
import type { Engine } from '../ciphertext/engine.ts';
import type { KeyHolder } from '../ciphertext/key-holder.ts';
import type { RecordRun } from '../ciphertext/record-cipher.ts';
import { encodeHeader, type RecordHeader } from '../ciphertext/record-header.ts';
import { suites } from '../ciphertext/suites.ts';
import type { FieldScope } from '../keys/kek-handle.ts';
import type { FieldPolicy } from './field-policy.ts';

/** All that the records of one field under one key and header have in common, made once. */
export interface Lane extends RecordRun {
  readonly holder: KeyHolder;
  readonly scope: FieldScope;
  readonly policy: FieldPolicy;
}

export interface LaneParts {
  readonly engine: Engine;
  readonly holder: KeyHolder;
  readonly scope: FieldScope;
  readonly policy: FieldPolicy;
  readonly header: RecordHeader;
}

/** @throws KeyError when the holder's KEK is erased */
export function newLane({ engine, holder, scope, policy, header }: LaneParts): Lane {
  // A copy: the header may be a view of somebody's record.
  const headerOctets = Uint8Array.from(encodeHeader(header));
  const own = { ...header, ...(header.sealed && { sealed: Uint8Array.from(header.sealed) }) };
  const encoder = new ContextEncoder(headerOctets, header.binding, { ...scope, group: holder.group?.name ?? '' });
  const key = holder.fieldKey(suites[header.suite].id, scope);
  return { engine, holder, scope, policy, header: own, headerOctets, encoder, key };
}

/**
 * Lanes by name. Keys may be erased at any time, by eviction or revocation: a lane whose key is gone is made anew, which
 * throws the reason when the KEK is gone too.
 */
export class Lanes {
  readonly #lanes = new Map<string, Lane>();
  readonly #max: number;

  constructor(max = 10_000) {
    this.#max = max;
  }

  get(name: string, holder: KeyHolder, make: () => Lane): Lane {
    const known = this.#lanes.get(name);
    if (known && known.holder === holder && holder.usable && !known.key.closed) return known;
    const made = make();
    if (this.#lanes.size >= this.#max) this.#lanes.clear();
    this.#lanes.set(name, made);
    return made;
  }
}

/** The lane with a key that is not erased. @throws KeyError when its KEK is */
export function liveLane(lane: Lane): Lane {
  if (!lane.key.closed) return lane;
  return { ...lane, key: lane.holder.fieldKey(suites[lane.header.suite].id, lane.scope) };
}

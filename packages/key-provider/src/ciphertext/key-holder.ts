import type { FieldKey } from '../keys/field-key.ts';
import type { FieldScope } from '../keys/kek-handle.ts';

/** Something that field keys are derived from: a version of a KEK, a group's key under it, a session of a write-only service. */
export interface KeyHolder {
  readonly lineId: number;
  readonly version: number;
  /** Group that the records belong to, with its epoch. */
  readonly group?: { readonly name: string; readonly epoch: number } | undefined;
  /** What a record says about the session of the write-only service that made it. */
  readonly sealed?: Uint8Array | undefined;
  readonly usable: boolean;
  fieldKey(suite: number, scope: FieldScope): FieldKey;
}

import type { RecordId } from '../ciphertext/context.ts';
import type { KeyHolder } from '../ciphertext/key-holder.ts';
import type { KeyError } from '../key-error.ts';
import type { KekHandle } from '../keys/kek-handle.ts';

/** The part of the context that differs from record to record of one field. */
export interface OwnContext {
  readonly documentId?: RecordId | undefined;
  readonly rowVersion?: RecordId | undefined;
}

/** Which field of which document. */
export interface FieldPlace extends OwnContext {
  readonly collection: string;
  readonly field: string;
  /** Leave to use a group's keys, from GroupKeys; without it the records belong to no group. */
  readonly access?: GroupAccess | undefined;
}

/** Gives the keys of the group that a caller was admitted to. */
export interface GroupAccess {
  readonly group: string;
  /** The current epoch: what is of another one is due for re-encryption. @throws KeyError `GROUP_DENIED` */
  readonly epoch: number;
  /** Key of the current epoch. @throws KeyError `GROUP_DENIED` when the leave has ended */
  writing(kek: KekHandle): KeyHolder;
  /** Key of the epoch that a record names. @throws KeyError `GROUP_DENIED` when the leave has ended */
  reading(kek: KekHandle, epoch: number): KeyHolder | Promise<KeyHolder>;
}

/** What a caller was admitted to, from GroupKeys. */
export interface GroupAdmission {
  /**
   * The ways to the keys of those of the allowed groups that the caller is in, in the order of the allowed ones.
   *
   * @throws KeyError `GROUP_DENIED` when it is in none, or the leave has ended
   */
  accesses(allowedGroups: readonly string[]): readonly [GroupAccess, ...GroupAccess[]];
}

/** One value of a batch; of the batch's place, what it states itself goes first. */
export interface ValueItem<Value = Uint8Array | string> extends OwnContext {
  readonly value: Value;
}

/** What became of one value of a batch. */
export type ItemResult =
  | { readonly value: Uint8Array; readonly error?: undefined }
  | { readonly value?: undefined; readonly error: KeyError | TypeError | RangeError };

/** What a batch may give back in an item's place; anything else is no fault of the item. */
export function asItemError(error: unknown): KeyError | TypeError | RangeError {
  if (error instanceof Error && ['KeyError', 'TypeError', 'RangeError'].includes(error.name)) {
    return error as KeyError | TypeError | RangeError;
  }
  throw error;
}

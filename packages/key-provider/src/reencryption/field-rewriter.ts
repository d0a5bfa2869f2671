import type { RecordId } from '../ciphertext/context.ts';
import type { FieldEncryption } from '../fields/field-encryption.ts';
import type { GroupAccess, ItemResult } from '../fields/field-place.ts';
import { KeyError } from '../key-error.ts';
import type { Rewriter, Rewritten } from './job-options.ts';
import type { OldRow } from './storage-port.ts';

/** Where the records of a partition belong: what they were bound to when they were encrypted. */
export interface PartitionPlace {
  readonly collection: string;
  readonly field: string;
  /** Identity of the document, where the policy of the field binds to it. */
  readonly documentId?: (row: OldRow) => RecordId;
  readonly rowVersion?: (row: OldRow) => RecordId;
  /** Of the group, from `GroupKeys.forReEncryption`: what an admission gives ends with its token. */
  readonly access?: GroupAccess;
}

/** Decrypts under whatever version and epoch a record names and encrypts under the primary and newest, at the same place. */
export class FieldRewriter implements Rewriter {
  readonly #encryption: FieldEncryption;
  readonly #places: Readonly<Record<string, PartitionPlace>>;

  /** @param places by the name of the partition */
  constructor(encryption: FieldEncryption, places: Readonly<Record<string, PartitionPlace>>) {
    this.#encryption = encryption;
    this.#places = places;
  }

  groupEpoch(partition: string): number | undefined {
    return this.#placeOf(partition).access?.epoch;
  }

  async rewrite(partition: string, rows: readonly OldRow[]): Promise<readonly Rewritten[]> {
    const place = this.#placeOf(partition);
    const { collection, field, access } = place;
    const contexts = rows.map((row) => ({
      documentId: place.documentId?.(row),
      rowVersion: place.rowVersion?.(row),
    }));
    const items = rows.map(({ record }, i) => ({ value: record, ...contexts[i] }));
    const opened = await this.#encryption.decryptMany({ collection, field, access }, items);
    return opened.map((result, i) => {
      if (result.error !== undefined) return { error: keyErrorOf(result) };
      try {
        return this.#encrypt({ collection, field, access, ...contexts[i] }, result.value);
      } finally {
        result.value.fill(0);
      }
    });
  }

  #placeOf(partition: string): PartitionPlace {
    const place = this.#places[partition];
    if (place === undefined) throw new RangeError(`it is not said where the records of ${partition} belong`);
    return place;
  }

  #encrypt(place: Parameters<FieldEncryption['encrypt']>[0], value: Uint8Array): Rewritten {
    const [result] = this.#encryption.encryptMany(place, [{ value }]);
    if (result === undefined) throw new TypeError('there is a result for each value');
    return result.error === undefined ? { replacement: result.value } : { error: keyErrorOf(result) };
  }
}

/** What is wrong with the record; what is wrong with the configuration ends the run. */
function keyErrorOf({ error }: ItemResult): KeyError {
  if (error instanceof KeyError) return error;
  throw error;
}

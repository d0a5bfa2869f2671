import {
  type DocumentSchema,
  type Engine,
  FieldEncryption,
  type FieldPolicy,
  KekHandle,
  type KekSource,
  KeyError,
} from '@vcc-pki/key-provider';
import type { Contender } from './rates.ts';

/** One KEK in memory, as a provider holds it. */
export function oneKek(): { readonly keys: KekSource; readonly kek: KekHandle } {
  const kek = new KekHandle({ lineName: 'bench', lineId: 1, version: 1, root: new Uint8Array(32).fill(1) });
  const keys: KekSource = {
    primary: () => kek,
    byVersion: (lineId, version) => {
      if (lineId === 1 && version === 1) return kek;
      throw new KeyError('KEK_UNKNOWN', 'no such version');
    },
  };
  return { keys, kek };
}

export function encryption(engine: Engine, policy: Partial<FieldPolicy> = {}): FieldEncryption {
  return new FieldEncryption({ keys: oneKek().keys, line: 'bench', tenant: 'acme', engine, policy });
}

const place = { collection: 'patients', field: 'ssn' };
const batch = 1_000;

/** Records as they are stored, each bound to its document: header, AAD, commitment. */
export function encryptBatches(fields: FieldEncryption, value: Uint8Array): Contender {
  const items = Array.from({ length: batch }, (_, i) => ({ value, documentId: `patient-${i}` }));
  return { records: batch, run: () => fields.encryptMany(place, items) };
}

export function decryptBatches(fields: FieldEncryption, value: Uint8Array): Contender {
  const items = Array.from({ length: batch }, (_, i) => ({
    value: fields.encrypt({ ...place, documentId: `patient-${i}` }, value),
    documentId: `patient-${i}`,
  }));
  return { records: batch, run: () => fields.decryptMany(place, items) };
}

export function encryptSingly(fields: FieldEncryption, value: Uint8Array): Contender {
  const own = { ...place, documentId: 'patient-1' };
  return { records: 1, run: () => fields.encrypt(own, value) };
}

/** Documents of ten encrypted fields, texts of 20 characters. */
export function encryptDocuments(fields: FieldEncryption): Contender {
  const names = Array.from({ length: 10 }, (_, i) => `field${i}`);
  const schema: DocumentSchema = {
    collection: 'patients',
    documentId: '_id',
    fields: names.map((path) => ({ path })),
  };
  const documents = Array.from({ length: 500 }, (_, _id) => ({
    _id,
    ...Object.fromEntries(names.map((name) => [name, 'twenty characters !!'])),
  }));
  return { records: documents.length, run: () => fields.encryptDocuments(schema, documents) };
}

/** Milliseconds of processor time to derive the keys of 1,000 fields from a KEK, as all else here: the best of 60 runs. */
export function thousandFieldKeysMs(): number {
  const times: number[] = [];
  for (let round = 0; round < 60; round++) {
    const { kek } = oneKek();
    const before = process.cpuUsage();
    for (let i = 0; i < 1_000; i++) kek.fieldKey(1, { tenant: 'acme', collection: 'patients', field: `field${i}` });
    const { user, system } = process.cpuUsage(before);
    if (round > 5) times.push((user + system) / 1000);
    kek.close();
  }
  return Math.min(...times);
}

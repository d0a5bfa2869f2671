/**
 * `node test/write-golden-vectors.ts`: writes `vectors/ciphertext-v1.json` anew. Only for a new kind of vector: what is in the
 * file was written by earlier versions, and has to be read for ever.
 *
 * @module
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FieldEncryption, GroupKeys, KekHandle, type KekSource, keyLabels } from '@vcc-pki/key-provider';
import { labelPieces } from './support/label-pieces.ts';

const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex');
const root = Uint8Array.from({ length: 32 }, (_, i) => i);
const [lineName, lineId, version, tenant] = ['themis-main', 3, 123, 'acme'];
const kek = new KekHandle({ lineName, lineId, version, root });
const keys: KekSource = { primary: () => kek, byVersion: () => kek };
const values = ['', 'abc', '078-05-1120 Ä', 'x'.repeat(1000)];

const labels = (Object.keys(keyLabels) as (keyof typeof keyLabels)[]).map((purpose) => {
  const length = purpose === 'deterministic' ? 64 : 32;
  const key = kek.expandDek(purpose, labelPieces[purpose], length);
  return {
    purpose,
    label: keyLabels[purpose],
    pieces: labelPieces[purpose].map((p) => hex(Buffer.from(p))),
    key: hex(key),
  };
});

const contexts = [
  { binding: 'field' },
  { binding: 'document', documentId: 'p-1' },
  { binding: 'row', documentId: 17, rowVersion: -2 },
] as const;
const suites = [
  'KC-XAES-256-GCM/KC32',
  'KC-XAES-256-GCM/KC16',
  'XAES-256-GCM',
  'AES-256-SIV',
  'KC-XChaCha20-Poly1305',
] as const;

const records = suites.flatMap((suite) =>
  contexts
    .filter(({ binding }) => suite !== 'AES-256-SIV' || binding === 'field')
    .flatMap(({ binding, ...own }) => {
      const fields = new FieldEncryption({
        keys,
        line: lineName,
        tenant,
        policy: { suite, binding, allowNonAes: suite === 'KC-XChaCha20-Poly1305' },
      });
      const place = { collection: 'patients', field: 'ssn', ...own };
      // Older versions of Python's cryptography cannot open an empty value under AES-SIV.
      const some = suite === 'AES-256-SIV' ? values.filter((value) => value !== '') : values;
      return some.map((value) => ({ suite, binding, ...place, value, record: hex(fields.encrypt(place, value)) }));
    }),
);

const fields = new FieldEncryption({ keys, line: lineName, tenant });
const place = { collection: 'patients', field: 'ssn', documentId: 'p-1' };
const groups = new GroupKeys({ tenant, groups: { doctors: { mode: 'derived', epoch: 7 } } });
const admission = groups.admitVerified({ subject: 'a', groups: ['doctors'], expiresAtMs: Date.now() + 60_000 });
const [access] = admission.accesses(['doctors']);
const grouped = {
  suite: 'KC-XAES-256-GCM/KC32',
  binding: 'document',
  group: 'g:doctors',
  ...place,
  value: 'abc',
  record: hex(fields.encrypt({ ...place, access }, 'abc')),
};

const streams = await Promise.all(
  [0, 3, 65_536, 65_537].map(async (length) => {
    const source = (async function* () {
      yield new Uint8Array(length).fill(0x61);
    })();
    const chunks = await Array.fromAsync(fields.encryptStream(place, source));
    return { binding: 'document', ...place, octet: 'a', length, stream: Buffer.concat(chunks).toString('base64') };
  }),
);

const index = fields.blindIndex({
  collection: 'patients',
  field: 'email',
  versions: [{ indexVersion: 1, kekVersion: version }],
  expectedRows: 1_000_000,
  distinctValues: 900_000,
});
const [entry = new Uint8Array(0)] = await index.entries(' Müller@Example.ORG');
const indexes = [
  {
    collection: 'patients',
    field: 'email',
    indexVersion: 1,
    bits: index.bits,
    input: hex(Buffer.from('tmüller@example.org')),
    entry: hex(entry),
  },
];

writeFileSync(
  join(import.meta.dirname, 'vectors/ciphertext-v1.json'),
  `${JSON.stringify({ root: hex(root), lineName, lineId, version, tenant, labels, records: [...records, grouped], streams, indexes }, null, 1)}\n`,
);

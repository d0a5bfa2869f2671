import {
  type Der,
  DerError,
  DerReader,
  decodeGeneralizedTime,
  encodeGeneralizedTime,
  encodeInteger,
  encodeSequence,
  type Oid,
  Tag,
} from '@vcc-pki/asn1';

/** The private extension of KEK certificates, in the arc of their key purpose (docs/keks.md). */
export const kekFactsExtensionId: Oid = '1.3.6.1.4.1.32473.80.2';

/** What the extension says. Times are milliseconds since the epoch, whole seconds. */
export interface KekFacts {
  /** The number of the line in headers of ciphertexts, an unsigned integer of 32 bits. */
  readonly lineId: number;
  /** An unsigned integer of 32 bits. */
  readonly version: number;
  /** New data may be encrypted under the key from here ... */
  readonly notBeforeWrite: number;
  /** ... to here; reading may go on for longer. */
  readonly notAfterWrite: number;
}

/** `SEQUENCE { line INTEGER, version INTEGER, notBeforeWrite GeneralizedTime, notAfterWrite GeneralizedTime }` */
export function encodeKekFacts(facts: KekFacts): Der {
  return encodeSequence(
    encodeInteger(facts.lineId),
    encodeInteger(facts.version),
    encodeGeneralizedTime(facts.notBeforeWrite),
    encodeGeneralizedTime(facts.notAfterWrite),
  );
}

/** @throws {@link DerError} */
export function parseKekFacts(value: Uint8Array): KekFacts {
  const outer = new DerReader(value);
  const reader = outer.readSequence();
  outer.end();
  const facts = {
    lineId: reader.readSmallInteger(1, 0xffff_ffff),
    version: reader.readSmallInteger(1, 0xffff_ffff),
    notBeforeWrite: readGeneralizedTime(reader),
    notAfterWrite: readGeneralizedTime(reader),
  };
  reader.end();
  if (facts.notAfterWrite >= facts.notBeforeWrite) return facts;
  throw new DerError('invalidValue', 'the time for writing ends before it begins', 0);
}

function readGeneralizedTime(reader: DerReader): number {
  const { content, offset } = reader.readElement(Tag.generalizedTime);
  return decodeGeneralizedTime(content, offset);
}

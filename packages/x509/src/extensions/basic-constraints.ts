import { type Der, DerError, encodeBoolean, encodeInteger, encodeSequence, Tag } from '@vcc-pki/asn1';
import { readWhole } from '../extension.ts';

/** Whether the subject is a CA, and how many CAs may follow below it (RFC 5280 s4.2.1.9). */
export interface BasicConstraints {
  readonly cA: boolean;
  /** Absent: no limit. */
  readonly pathLenConstraint?: number;
}

/** @throws {@link DerError} */
export function parseBasicConstraints(value: Uint8Array): BasicConstraints {
  return readWhole(value, (outer) => {
    const reader = outer.readSequence();
    const cA = reader.peekTag() === Tag.boolean && reader.readBoolean();
    if (!cA && reader.offset !== 2) throw new DerError('invalidValue', 'FALSE is the default and is left out', 2);
    const pathLenConstraint = reader.atEnd ? undefined : reader.readSmallInteger(0, 2 ** 31);
    reader.end();
    return pathLenConstraint === undefined ? { cA } : { cA, pathLenConstraint };
  });
}

export function encodeBasicConstraints({ cA, pathLenConstraint }: BasicConstraints): Der {
  const parts: Der[] = [];
  if (cA) parts.push(encodeBoolean(true));
  if (pathLenConstraint !== undefined) parts.push(encodeInteger(pathLenConstraint));
  return encodeSequence(...parts);
}

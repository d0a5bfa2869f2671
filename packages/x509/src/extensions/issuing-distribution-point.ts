import { contextPrimitive, type Der, DerError, DerReader, encodeImplicit, encodeSequence } from '@vcc-pki/asn1';
import { readWhole } from '../extension.ts';
import { encodeBitsNamed, readNamedBits } from '../named-bits.ts';
import {
  type DistributionPointName,
  encodeDistributionPointName,
  type ReasonFlag,
  readDistributionPointName,
  reasonFlags,
} from './distribution-point-name.ts';

/** What a CRL covers (RFC 5280 s5.2.5). */
export interface IssuingDistributionPoint {
  readonly distributionPoint?: DistributionPointName;
  readonly onlyContainsUserCerts: boolean;
  readonly onlyContainsCACerts: boolean;
  /** Absent: all reasons. */
  readonly onlySomeReasons?: readonly ReasonFlag[];
  readonly indirectCRL: boolean;
  readonly onlyContainsAttributeCerts: boolean;
}

/** @throws {@link DerError} also when it is empty, or more than one `onlyContains…` is set. */
export function parseIssuingDistributionPoint(value: Uint8Array): IssuingDistributionPoint {
  return readWhole(value, (outer) => {
    const reader = outer.readSequence();
    if (reader.atEnd) throw new DerError('invalidValue', 'an empty issuingDistributionPoint (RFC 5280 s5.2.5)', 0);
    const distributionPoint = readDistributionPointName(reader);
    const onlyContainsUserCerts = readFlag(reader, 1);
    const onlyContainsCACerts = readFlag(reader, 2);
    const reasons =
      reader.peekTag() === contextPrimitive(3) ? readNamedBits(reader, reasonFlags, contextPrimitive(3)) : undefined;
    const indirectCRL = readFlag(reader, 4);
    const onlyContainsAttributeCerts = readFlag(reader, 5);
    reader.end();
    if (Number(onlyContainsUserCerts) + Number(onlyContainsCACerts) + Number(onlyContainsAttributeCerts) > 1) {
      throw new DerError('invalidValue', 'only one of the onlyContains fields can be set (RFC 5280 s5.2.5)', 0);
    }
    return {
      ...(distributionPoint && { distributionPoint }),
      onlyContainsUserCerts,
      onlyContainsCACerts,
      ...(reasons && { onlySomeReasons: reasons }),
      indirectCRL,
      onlyContainsAttributeCerts,
    };
  });
}

/** `[n] IMPLICIT BOOLEAN DEFAULT FALSE`: there and TRUE, or absent. */
function readFlag(reader: DerReader, n: number): boolean {
  const element = reader.readOptional(contextPrimitive(n));
  if (element === undefined) return false;
  if (element.content.length !== 1 || element.content[0] !== 0xff) {
    throw new DerError('invalidValue', 'a flag that is there is TRUE, in DER FF', element.offset);
  }
  return true;
}

/** Fields that are not given are absent. */
export function encodeIssuingDistributionPoint(point: Partial<IssuingDistributionPoint>): Der {
  const parts: Der[] = [];
  const flag = (n: number, set: boolean | undefined): void => {
    if (set === true) parts.push(encodeImplicit(n, Uint8Array.of(0xff)));
  };
  if (point.distributionPoint) parts.push(encodeDistributionPointName(point.distributionPoint));
  flag(1, point.onlyContainsUserCerts);
  flag(2, point.onlyContainsCACerts);
  if (point.onlySomeReasons) {
    const { content } = new DerReader(encodeBitsNamed(point.onlySomeReasons, reasonFlags)).readElement();
    parts.push(encodeImplicit(3, content));
  }
  flag(4, point.indirectCRL);
  flag(5, point.onlyContainsAttributeCerts);
  return encodeSequence(...parts);
}

import {
  contextConstructed,
  contextPrimitive,
  type Der,
  DerError,
  DerReader,
  encodeImplicit,
  encodeImplicitConstructed,
  encodeSequence,
} from '@vcc-pki/asn1';
import { readWhole } from '../extension.ts';
import { encodeGeneralName, type GeneralName, readGeneralNames } from '../general-name.ts';
import { encodeBitsNamed, readNamedBits } from '../named-bits.ts';
import {
  type DistributionPointName,
  encodeDistributionPointName,
  type ReasonFlag,
  readDistributionPointName,
  reasonFlags,
} from './distribution-point-name.ts';

/** One place where revocation can be looked up (RFC 5280 s4.2.1.13). */
export interface DistributionPoint {
  readonly distributionPoint?: DistributionPointName;
  /** Absent: all reasons. */
  readonly reasons?: readonly ReasonFlag[];
  /** Absent: the issuer of the certificate. */
  readonly cRLIssuer?: readonly GeneralName[];
}

/** Parses cRLDistributionPoints, or freshestCRL, which has the same form (s4.2.1.15). @throws {@link DerError} */
export function parseCRLDistributionPoints(value: Uint8Array): DistributionPoint[] {
  return readWhole(value, (outer) => {
    const reader = outer.readSequence();
    const points: DistributionPoint[] = [];
    do points.push(readDistributionPoint(reader.readSequence()));
    while (!reader.atEnd);
    return points;
  });
}

function readDistributionPoint(reader: DerReader): DistributionPoint {
  const distributionPoint = readDistributionPointName(reader);
  const reasons =
    reader.peekTag() === contextPrimitive(1) ? readNamedBits(reader, reasonFlags, contextPrimitive(1)) : undefined;
  const issuer = reader.readOptional(contextConstructed(2));
  reader.end();
  if (distributionPoint === undefined && issuer === undefined) {
    throw new DerError('invalidValue', 'a distribution point says where or by whom', reader.offset);
  }
  return {
    ...(distributionPoint && { distributionPoint }),
    ...(reasons && { reasons }),
    ...(issuer && { cRLIssuer: readGeneralNames(new DerReader(issuer.content, issuer.offset)) }),
  };
}

export function encodeCRLDistributionPoints(points: readonly DistributionPoint[]): Der {
  return encodeSequence(...points.map(encodeDistributionPoint));
}

function encodeDistributionPoint({ distributionPoint, reasons, cRLIssuer }: DistributionPoint): Der {
  const parts: Der[] = [];
  if (distributionPoint) parts.push(encodeDistributionPointName(distributionPoint));
  if (reasons)
    parts.push(encodeImplicit(1, new DerReader(encodeBitsNamed(reasons, reasonFlags)).readElement().content));
  if (cRLIssuer) parts.push(encodeImplicitConstructed(2, ...cRLIssuer.map(encodeGeneralName)));
  return encodeSequence(...parts);
}

import { contextConstructed, contextPrimitive, type DerReader } from '@vcc-pki/asn1';
import { readEach } from '../elements.ts';
import type { ExtensionType } from '../extension.ts';
import { type GeneralName, readGeneralName } from '../general-name.ts';

/** RFC 5280 s4.2.1.13. */
export interface DistributionPoint {
  /** Undefined when there is no `distributionPoint`; empty also when it is a name relative to the issuer's. */
  readonly fullName: readonly GeneralName[] | undefined;
  readonly hasReasons: boolean;
  readonly hasCrlIssuer: boolean;
}

export const crlDistributionPoints: ExtensionType<readonly DistributionPoint[]> = {
  oid: '2.5.29.31',
  decode: readDistributionPoints,
};

/** RFC 5280 s4.2.1.15 and s5.2.6. */
export const freshestCrl: ExtensionType<readonly DistributionPoint[]> = {
  oid: '2.5.29.46',
  decode: readDistributionPoints,
};

function readDistributionPoints(value: DerReader): DistributionPoint[] {
  return readEach(value.readSequence(), (points) => {
    const reader = points.readSequence();
    const fullName = readDistributionPointName(reader);
    const reasons = reader.readOptional(contextPrimitive(1));
    const crlIssuer = reader.readOptional(contextConstructed(2));
    reader.end();
    return { fullName, hasReasons: reasons !== undefined, hasCrlIssuer: crlIssuer !== undefined };
  });
}

/** Reads `distributionPoint [0] DistributionPointName OPTIONAL`, an explicitly tagged choice. */
export function readDistributionPointName(reader: DerReader): GeneralName[] | undefined {
  if (reader.peekTag() !== contextConstructed(0)) return undefined;
  const choice = reader.readConstructed(contextConstructed(0));
  const names: GeneralName[] = [];
  if (choice.peekTag() === contextConstructed(1)) choice.readElement();
  else names.push(...readEach(choice.readConstructed(contextConstructed(0)), readGeneralName));
  choice.end();
  return names;
}

import { contextPrimitive, DerError, type DerReader } from '@vcc-pki/asn1';
import type { ExtensionType } from '../extension.ts';
import type { GeneralName } from '../general-name.ts';
import { readDistributionPointName } from './distribution-points.ts';

/** RFC 5280 s5.2.5. */
export interface IssuingDistributionPoint {
  readonly fullName: readonly GeneralName[] | undefined;
  readonly onlyContainsUserCerts: boolean;
  readonly onlyContainsCACerts: boolean;
  readonly hasOnlySomeReasons: boolean;
  readonly indirectCRL: boolean;
  readonly onlyContainsAttributeCerts: boolean;
  /** One of the flags is there and says FALSE, the default. */
  readonly encodesDefault: boolean;
}

export const issuingDistributionPoint: ExtensionType<IssuingDistributionPoint> = {
  oid: '2.5.29.28',
  decode(value) {
    const reader = value.readSequence();
    const fullName = readDistributionPointName(reader);
    const users = readFlag(reader, 1);
    const cas = readFlag(reader, 2);
    const reasons = reader.readOptional(contextPrimitive(3));
    const indirect = readFlag(reader, 4);
    const attributes = readFlag(reader, 5);
    reader.end();
    return {
      fullName,
      onlyContainsUserCerts: users === true,
      onlyContainsCACerts: cas === true,
      hasOnlySomeReasons: reasons !== undefined,
      indirectCRL: indirect === true,
      onlyContainsAttributeCerts: attributes === true,
      encodesDefault: [users, cas, indirect, attributes].includes(false),
    };
  },
};

/** Reads `[n] BOOLEAN DEFAULT FALSE`; undefined when absent. */
function readFlag(reader: DerReader, n: number): boolean | undefined {
  const element = reader.readOptional(contextPrimitive(n));
  if (!element) return undefined;
  const [octet] = element.content;
  if (element.content.length !== 1 || (octet !== 0x00 && octet !== 0xff)) {
    throw new DerError('invalidValue', 'a BOOLEAN is 00 or FF (X.690 s11.1)', element.offset);
  }
  return octet === 0xff;
}

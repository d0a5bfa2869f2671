import { decodeGeneralizedTime, Tag } from '@vcc-pki/asn1';
import type { ExtensionType } from '../extension.ts';
import { type GeneralName, readGeneralNames } from '../general-name.ts';

export const CrlReason = { unspecified: 0, certificateHold: 6, unused: 7, removeFromCrl: 8, aaCompromise: 10 } as const;

/** RFC 5280 s5.3.1. */
export const reasonCode: ExtensionType<number> = {
  oid: '2.5.29.21',
  decode: (value) => value.readSmallInteger(0, 127, Tag.enumerated),
};

/** RFC 5280 s5.3.2: milliseconds since the epoch. */
export const invalidityDate: ExtensionType<number> = {
  oid: '2.5.29.24',
  decode: (value) => {
    const element = value.readElement(Tag.generalizedTime);
    return decodeGeneralizedTime(element.content, element.offset);
  },
};

/** RFC 5280 s5.3.3. */
export const certificateIssuer: ExtensionType<readonly GeneralName[]> = {
  oid: '2.5.29.29',
  decode: (value) => readGeneralNames(value),
};

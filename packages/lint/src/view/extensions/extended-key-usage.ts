import type { Oid } from '@vcc-pki/asn1';
import { readEach } from '../elements.ts';
import type { ExtensionType } from '../extension.ts';

export const KeyPurpose = {
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
  ocspSigning: '1.3.6.1.5.5.7.3.9',
  any: '2.5.29.37.0',
  /** docs/keks.md */
  kek: '1.3.6.1.4.1.32473.80.1',
} as const;

/** RFC 5280 s4.2.1.12. */
export const extendedKeyUsage: ExtensionType<readonly Oid[]> = {
  oid: '2.5.29.37',
  decode: (value) => readEach(value.readSequence(), (reader) => reader.readOid()),
};

import type { Oid } from '@vcc-pki/asn1';
import { readEach } from '../elements.ts';
import type { ExtensionType } from '../extension.ts';
import { type GeneralName, readGeneralName } from '../general-name.ts';

export const AccessMethod = { ocsp: '1.3.6.1.5.5.7.48.1', caIssuers: '1.3.6.1.5.5.7.48.2' } as const;

/** RFC 5280 s4.2.2.1. */
export interface AccessDescription {
  readonly method: Oid;
  readonly location: GeneralName;
}

export const authorityInfoAccess: ExtensionType<readonly AccessDescription[]> = {
  oid: '1.3.6.1.5.5.7.1.1',
  decode: (value) =>
    readEach(value.readSequence(), (descriptions) => {
      const reader = descriptions.readSequence();
      const description = { method: reader.readOid(), location: readGeneralName(reader) };
      reader.end();
      return description;
    }),
};

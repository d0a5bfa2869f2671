import type { ExtensionType } from '../extension.ts';
import { type GeneralName, GeneralNameTag, readGeneralNames, textsOf } from '../general-name.ts';

/** RFC 5280 s4.2.1.6. */
export interface SubjectAltName {
  readonly names: readonly GeneralName[];
  readonly dnsNames: readonly string[];
  readonly emails: readonly string[];
  readonly uris: readonly string[];
}

export const subjectAltName: ExtensionType<SubjectAltName> = {
  oid: '2.5.29.17',
  isOwn: true,
  decode(value) {
    const names = readGeneralNames(value);
    return {
      names,
      dnsNames: textsOf(names, GeneralNameTag.dNSName),
      emails: textsOf(names, GeneralNameTag.rfc822Name),
      uris: textsOf(names, GeneralNameTag.uniformResourceIdentifier),
    };
  },
};

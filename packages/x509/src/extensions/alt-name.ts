import { type Der, encodeSequence } from '@vcc-pki/asn1';
import { readWhole } from '../extension.ts';
import { encodeGeneralName, type GeneralName, readGeneralNames } from '../general-name.ts';

// subjectAltName (RFC 5280 s4.2.1.6), issuerAltName (s4.2.1.7) and certificateIssuer (s5.3.3) are all GeneralNames.

/** @throws {@link DerError} also when there is no name. */
export function parseGeneralNames(value: Uint8Array): GeneralName[] {
  return readWhole(value, (reader) => readGeneralNames(reader.readSequence()));
}

export function encodeGeneralNames(names: readonly GeneralName[]): Der {
  return encodeSequence(...names.map(encodeGeneralName));
}

/** issuerAltName (RFC 5280 s4.2.1.7): other names of the issuer. */
export { encodeGeneralNames as encodeIssuerAltName, parseGeneralNames as parseIssuerAltName } from './alt-name.ts';

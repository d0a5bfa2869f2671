/** subjectAltName (RFC 5280 s4.2.1.6): the names a certificate is for. */
export { encodeGeneralNames as encodeSubjectAltName, parseGeneralNames as parseSubjectAltName } from './alt-name.ts';

/** subjectInfoAccess (RFC 5280 s4.2.2.2). */
export {
  encodeAuthorityInfoAccess as encodeSubjectInfoAccess,
  parseAuthorityInfoAccess as parseSubjectInfoAccess,
} from './authority-info-access.ts';

import { DerReader, Tag } from '@vcc-pki/asn1';
import type { GeneralName } from '../../general-name.ts';
import type { PathCertificate } from '../path-certificate.ts';

/** emailAddress in a subject (RFC 5280 s4.1.2.6) */
const emailAddressOid = '1.2.840.113549.1.9.1';

/** SmtpUTF8Mailbox (RFC 9598 s3) */
const smtpUtf8MailboxOid = '1.3.6.1.5.5.7.8.9';

const cache = new WeakMap<PathCertificate, readonly GeneralName[]>();

/**
 * All names of a subject that name constraints apply to (RFC 5280 s4.2.1.10): the subject itself unless it is empty, its
 * emailAddress attributes, and every subjectAltName. A SmtpUTF8Mailbox counts as rfc822Name (RFC 9598 s6).
 * Deviation: emailAddress counts even where there is a subjectAltName; some readers take their address from there.
 */
export function subjectNames(certificate: PathCertificate): readonly GeneralName[] {
  const known = cache.get(certificate);
  if (known !== undefined) return known;
  const { subject } = certificate.certificate;
  const names: GeneralName[] = [];
  if (subject.rdns.length > 0) names.push({ type: 'directoryName', value: subject });
  for (const { type, value } of subject.rdns.flat()) {
    if (type === emailAddressOid) names.push({ type: 'rfc822Name', value: value ?? '' });
  }
  for (const name of certificate.extensions.subjectAltName ?? []) names.push(asConstrained(name));
  cache.set(certificate, names);
  return names;
}

function asConstrained(name: GeneralName): GeneralName {
  if (name.type !== 'otherName' || name.typeId !== smtpUtf8MailboxOid) return name;
  const { tag, content } = new DerReader(name.value).readElement();
  // Of another type it is no mailbox, and cannot be compared.
  return { type: 'rfc822Name', value: tag === Tag.utf8String ? new TextDecoder().decode(content) : '' };
}

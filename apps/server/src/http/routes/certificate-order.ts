import { PkiError, type RenewCertificateBody, type RequestCertificateBody } from '@vcc-pki/api';
import { DerError, fromBase64, parsePem } from '@vcc-pki/asn1';
import { type GeneralName, ipAddressFromText, X509Error } from '@vcc-pki/x509';
import type { CertificateOrder, OrderedName, OrderedValidity } from '../../issuance/certificate-order.ts';
import { profileByName } from '../../issuance/profiles.ts';

/** Reads the body of a request into the words of the domain. @throws {@link PkiError} `badCSR`, `malformed`, `badValidity` */
export function toOrder(body: RequestCertificateBody): CertificateOrder {
  return {
    serviceId: body.service_name,
    commonName: body.common_name,
    names: [
      ...named('san_dns', body.san_dns, (value) => ({ type: 'dNSName', value: value.toLowerCase() })),
      ...named('san_ip', body.san_ip, (value) => ({ type: 'iPAddress', value: ipAddressFromText(value) })),
      ...named('san_uri', body.san_uri, (value) => ({ type: 'uniformResourceIdentifier', value })),
      ...named('san_email', body.san_email, (value) => ({ type: 'rfc822Name', value })),
    ],
    csr: csrDer(body.csr),
    validity: orderedValidity(body),
    profile: body.profile === undefined ? undefined : profileByName(body.profile),
    keyType: body.key_type,
    keySize: body.key_size,
    metadata: body.metadata,
  };
}

function named(
  field: string,
  values: readonly string[] | undefined,
  toName: (value: string) => GeneralName,
): OrderedName[] {
  return (values ?? []).map((value, index) => {
    const at = `${field}[${index}]`;
    try {
      return { field: at, name: toName(value) };
    } catch (error) {
      if (error instanceof X509Error) throw new PkiError('malformed', error.message, { field: at, cause: error });
      throw error;
    }
  });
}

/** A CSR as it comes over the wire: PEM, or base64 of the DER. @throws {@link PkiError} `badCSR` */
export function csrDer(text: string): Uint8Array {
  try {
    if (!text.includes('-----BEGIN')) return fromBase64(text);
    const blocks = parsePem(text);
    const [block] = blocks;
    // RFC 7468 s7 names the label; the other is what old tools wrote.
    if (blocks.length === 1 && block !== undefined && /^(NEW )?CERTIFICATE REQUEST$/.test(block.label))
      return block.der;
    const labels = blocks.map(({ label }) => `"${label}"`).join(', ') || 'none';
    throw unreadableCsr(`its PEM blocks are: ${labels}`);
  } catch (error) {
    if (error instanceof DerError) throw unreadableCsr(error.message, error);
    throw error;
  }
}

function unreadableCsr(why: string, cause?: DerError): PkiError {
  const accepted = 'a CSR is one PEM block "CERTIFICATE REQUEST", or the base64 of its DER without anything around it';
  return new PkiError('badCSR', `${accepted}; this one is not: ${why}`, { field: 'csr', cause });
}

/** @throws {@link PkiError} `badValidity` when both lengths are given. */
export function orderedValidity({
  validity_days: days,
  validity_hours: hours,
}: Pick<RenewCertificateBody, 'validity_days' | 'validity_hours'>): OrderedValidity | undefined {
  if (days !== undefined && hours !== undefined) {
    throw new PkiError('badValidity', 'give validity_days or validity_hours, not both', { field: 'validity_hours' });
  }
  if (days !== undefined) return { lengthMs: days * 86_400_000, field: 'validity_days' };
  return hours === undefined ? undefined : { lengthMs: hours * 3_600_000, field: 'validity_hours' };
}

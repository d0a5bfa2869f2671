import { toHex } from '@vcc-pki/asn1';
import {
  type CertificateRequest,
  commonName as commonNameOf,
  encodeGeneralName,
  extensionId,
  findExtension,
  type GeneralName,
  parseSubjectAltName,
} from '@vcc-pki/x509';
import type { CertificateOrder, OrderedName } from './certificate-order.ts';

export interface RequestedNames {
  readonly commonName: string;
  /** Without duplicates, in the order of first mention. */
  readonly names: readonly OrderedName[];
}

/**
 * Collects every name that anybody asks for, from all sources: the request's members, the CSR's subjectAltName and the
 * common name. One list means one check, and no source that slips past it (OpenBao GHSA-g892-p242-8g86 was such a slip).
 *
 * Without any name the service gets the two it always may have: `<service_id>` and `<service_id>.<default domain>`.
 */
export function collectNames(order: CertificateOrder, csr: CertificateRequest, defaultNames: () => readonly string[]) {
  const all: OrderedName[] = [...order.names, ...namesInCsr(csr)];
  if (all.length === 0) all.push(...defaultNames().map((name) => dnsName('san_dns', name)));
  const csrCommonName = commonNameOf(csr.subject);
  const commonName = order.commonName ?? csrCommonName ?? firstDnsName(all) ?? order.serviceId;
  // CA/B BR 7.1.4.3: a common name is one of the alternative names, since that is where clients look (RFC 9525 s2).
  if (looksLikeDnsName(commonName)) all.push(dnsName('common_name', commonName));
  if (csrCommonName !== undefined && looksLikeDnsName(csrCommonName)) all.push(dnsName('csr', csrCommonName));
  return { commonName, names: withoutDuplicates(all) } satisfies RequestedNames;
}

function namesInCsr(csr: CertificateRequest): OrderedName[] {
  const extension = findExtension(csr.extensionRequest, extensionId.subjectAltName);
  return extension === undefined
    ? []
    : parseSubjectAltName(extension.value).map((name) => ({ field: 'csr', name: lowerCaseDns(name) }));
}

function dnsName(field: string, value: string): OrderedName {
  return { field, name: { type: 'dNSName', value: value.toLowerCase() } };
}

/** DNS names compare without case (RFC 5280 s7.2); one form in the certificate and in the ledger makes them findable. */
function lowerCaseDns(name: GeneralName): GeneralName {
  return name.type === 'dNSName' ? { ...name, value: name.value.toLowerCase() } : name;
}

function firstDnsName(names: readonly OrderedName[]): string | undefined {
  for (const { name } of names) if (name.type === 'dNSName') return name.value;
  return undefined;
}

function looksLikeDnsName(text: string): boolean {
  return /^[A-Za-z0-9*.-]+$/.test(text);
}

function withoutDuplicates(names: readonly OrderedName[]): OrderedName[] {
  const byKey = new Map<string, OrderedName>();
  for (const ordered of names) {
    const key = keyOf(ordered.name);
    if (!byKey.has(key)) byKey.set(key, ordered);
  }
  return [...byKey.values()];
}

/** The same for two names that are encoded the same, and for no others. */
function keyOf(name: GeneralName): string {
  switch (name.type) {
    case 'dNSName':
    case 'rfc822Name':
    case 'uniformResourceIdentifier':
      return `${name.type} ${name.value}`;
    default:
      return toHex(encodeGeneralName(name));
  }
}

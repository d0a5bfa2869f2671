import { type Fixture, fixture, leafNamed } from '../fixture.ts';
import { dns, uri } from '../parts.ts';

const long = (...labels: readonly number[]): string => labels.map((length) => 'x'.repeat(length)).join('.');

/** Certificates with dNSNames and SPIFFE IDs that are none. */
export const nameFixtures: readonly Fixture[] = [
  fixture('a slash', leafNamed(dns('a/b.vcc.local')), 'rfc1034_dns_name_characters'),
  fixture('two dots in a row', leafNamed(dns('a..vcc.local')), 'rfc1034_dns_name_label_length'),
  fixture('a label of 64 octets', leafNamed(dns(`${long(64)}.local`)), 'rfc1034_dns_name_label_length'),
  fixture('254 octets', leafNamed(dns(long(63, 63, 63, 62))), 'rfc1034_dns_name_length'),
  fixture('a hyphen in front', leafNamed(dns('-a.vcc.local')), 'rfc1034_dns_name_hyphens'),
  fixture('a hyphen at the end', leafNamed(dns('a-.vcc.local')), 'rfc1034_dns_name_hyphens'),
  fixture('a dot at the end', leafNamed(dns('a.vcc.local.')), 'rfc1034_dns_name_no_trailing_dot'),
  fixture('part of a label wild', leafNamed(dns('a*.vcc.local')), 'rfc9525_wildcard_is_left_most_label'),
  fixture('an inner label wild', leafNamed(dns('a.*.local')), 'rfc9525_wildcard_is_left_most_label'),
  fixture('everything wild', leafNamed(dns('*')), 'rfc9525_wildcard_is_left_most_label'),
  fixture('two wild labels', leafNamed(dns('*.*.local')), 'rfc9525_wildcard_is_left_most_label'),
  fixture('an underscore', leafNamed(dns('a_b.vcc.local')), 'cab_br_dns_name_no_underscore'),
  fixture('an address as dNSName', leafNamed(dns('10.0.0.1')), 'cab_br_dns_name_not_ip_address'),
  fixture('a reserved label', leafNamed(dns('ab--c.vcc.local')), 'cab_br_dns_name_no_reserved_label'),
  fixture('a name twice', leafNamed(dns('a.vcc.local'), dns('A.vcc.local')), 'cab_br_san_names_unique'),
  fixture('a URI beside a SPIFFE ID', leafNamed(uri('spiffe://vcc.local/a'), uri('urn:a:b')), 'spiffe_svid_single_uri'),
  fixture('a trust domain in capitals', leafNamed(uri('spiffe://VCC.local/a')), 'spiffe_id_syntax'),
  fixture('a SPIFFE ID with a query', leafNamed(uri('spiffe://vcc.local/a?b')), 'spiffe_id_syntax'),
  fixture('a SPIFFE ID with ..', leafNamed(uri('spiffe://vcc.local/a/../b')), 'spiffe_id_syntax'),
  fixture('a SPIFFE ID with a port', leafNamed(uri('spiffe://vcc.local:1/a')), 'spiffe_id_syntax'),
];

import {
  type Der,
  encodeElement,
  encodeGeneralizedTime,
  encodeImplicit,
  encodeImplicitConstructed,
  encodeInteger,
  encodeOctetString,
  encodeOid,
  encodePrintableString,
  encodeSequence,
  encodeTime,
  encodeUtf8String,
  Tag,
} from '@vcc-pki/asn1';
import { at, baseNames, basicConstraints, commonName, intermediate, leaf, version } from '../base-certificates.ts';
import { extensionRequest } from '../base-requests.ts';
import { but, caPlus, type Fixture, fixture, leafBut, leafNamed, leafPlus, minus, requestBut } from '../fixture.ts';
import { raw, signatures } from '../keys.ts';
import {
  aia,
  attributeTypes,
  cdp,
  cn,
  dns,
  eku,
  email,
  emailAttribute,
  extension,
  germany,
  ip,
  keyIdentifier,
  keyUsage,
  name,
  o,
  oids,
  points,
  rdn,
  teletex,
  uri,
} from '../parts.ts';

const subject = (...rdns: readonly Der[]) => leafBut({ subject: name(...rdns, cn(commonName)) });
const policies = (...list: readonly string[]) =>
  extension(oids.policies, encodeSequence(...list.map((oid) => encodeSequence(encodeOid(oid)))));
const subtree = (base: Der, ...bounds: readonly Der[]) => encodeSequence(base, ...bounds);
const nameConstraints = (permitted: readonly Der[], critical = true) =>
  extension(oids.nameConstraints, encodeSequence(encodeImplicitConstructed(0, ...permitted)), critical);
const vccLocal = subtree(dns('vcc.local'));

/** Certificates that break RFC 5280 s4, the names in subjectAltName excepted. */
export const rfc5280CertificateFixtures: readonly Fixture[] = [
  fixture('extensions in v2', leafBut({ version: version(1) }), 'rfc5280_extensions_only_in_v3'),
  fixture('extensions in v1', leafBut({ version: undefined }), 'rfc5280_extensions_only_in_v3'),
  fixture('a negative serial', leafBut({ serialNumber: encodeInteger(-(2n ** 100n)) }), 'rfc5280_serial_positive'),
  fixture(
    'serial 0, which is also short',
    leafBut({ serialNumber: encodeInteger(0) }),
    'rfc5280_serial_positive',
    'cab_br_serial_at_least_64_bits',
  ),
  fixture(
    'a serial of 21 octets, the first of them the sign',
    leafBut({ serialNumber: encodeInteger(new Uint8Array(20).fill(0xff)) }),
    'rfc5280_serial_at_most_20_octets',
  ),
  fixture(
    'another algorithm outside',
    leafBut({ algorithm: signatures.ecdsaSha384 }),
    'rfc5280_signature_algorithms_equal',
  ),
  fixture(
    'notBefore after notAfter',
    leafBut({ notBefore: encodeTime(at('2026-12-31')) }),
    'rfc5280_validity_in_order',
  ),
  fixture(
    'GeneralizedTime before 2050',
    leafBut({ notBefore: encodeGeneralizedTime(at('2026-10-01')) }),
    'rfc5280_validity_time_type',
  ),
  fixture('an empty issuer', leafBut({ issuer: name() }), 'rfc5280_issuer_not_empty'),
  fixture('a CA without subject', but(intermediate, { subject: name() }), 'rfc5280_ca_subject_not_empty'),
  fixture('no subject, SAN not critical', leafBut({ subject: name() }), 'rfc5280_empty_subject_needs_critical_san'),
  fixture(
    'SAN critical beside a subject',
    leafPlus(extension(oids.san, encodeSequence(...baseNames), true)),
    'rfc5280_san_not_critical_beside_subject',
  ),
  fixture('a TeletexString', subject(rdn(attributeTypes.o, teletex('VCC'))), 'rfc5280_name_string_type'),
  fixture(
    'a domainComponent in UTF-8',
    subject(rdn('0.9.2342.19200300.100.1.25', encodeUtf8String('vcc'))),
    'rfc5280_name_string_type',
  ),
  fixture(
    'a lower-case country',
    subject(rdn(attributeTypes.country, encodePrintableString('de'))),
    'rfc5280_country_two_letters',
  ),
  fixture(
    'a country in UTF-8',
    subject(rdn(attributeTypes.country, encodeUtf8String('DE'))),
    'rfc5280_country_two_letters',
  ),
  fixture('65 characters of O', subject(germany, o('x'.repeat(65))), 'rfc5280_name_upper_bounds'),
  fixture('an empty O', subject(o('')), 'rfc5280_name_value_not_empty'),
  fixture(
    'an asterisk in a PrintableString',
    subject(rdn(attributeTypes.o, raw(Tag.printableString, 'VCC*'))),
    'rfc5280_printable_string_characters',
  ),
  fixture('emailAddress in the subject', subject(emailAttribute), 'rfc5280_no_email_in_subject'),
  fixture(
    'issuerUniqueID',
    leafBut({ uniqueIds: [encodeImplicit(1, Uint8Array.of(0, 1))] }),
    'rfc5280_no_unique_identifiers',
  ),
  fixture(
    'subjectUniqueID',
    leafBut({ uniqueIds: [encodeImplicit(2, Uint8Array.of(0, 1))] }),
    'rfc5280_no_unique_identifiers',
  ),
  fixture(
    // In a certificate every rule that misses an extension would speak up too.
    'no extension asked for',
    requestBut({ attributes: [extensionRequest(encodeSequence())] }),
    'rfc5280_extensions_not_empty',
  ),
  fixture(
    'the same extension twice',
    leafBut({ extensions: [...(leaf.extensions ?? []), ...(leaf.extensions ?? []).slice(0, 1)] }),
    'rfc5280_no_duplicate_extension',
  ),
  fixture('no AKI', minus(leaf, oids.aki), 'rfc5280_aki_present'),
  fixture('an empty AKI', leafPlus(extension(oids.aki, encodeSequence())), 'rfc5280_aki_has_key_identifier'),
  fixture(
    'AKI critical',
    leafPlus(extension(oids.aki, encodeSequence(encodeImplicit(0, keyIdentifier)), true)),
    'rfc5280_aki_not_critical',
  ),
  fixture('a CA without SKI', minus(intermediate, oids.ski), 'rfc5280_ca_ski_present'),
  fixture(
    'SKI critical',
    leafPlus(extension(oids.ski, encodeOctetString(keyIdentifier), true)),
    'rfc5280_ski_not_critical',
  ),
  fixture('a CA without KU', minus(intermediate, oids.keyUsage), 'rfc5280_ca_key_usage_present'),
  fixture('KU without bits', leafPlus(keyUsage()), 'rfc5280_key_usage_not_empty'),
  fixture('a leaf with keyCertSign', leafPlus(keyUsage(0, 5)), 'rfc5280_key_cert_sign_only_in_ca'),
  fixture('a CA without keyCertSign', caPlus(keyUsage(6)), 'rfc5280_ca_has_key_cert_sign'),
  fixture('encipherOnly alone', leafPlus(keyUsage(0, 7)), 'rfc5280_encipher_only_needs_key_agreement'),
  fixture(
    'BC of a CA not critical',
    caPlus(extension(oids.basicConstraints, encodeSequence(Uint8Array.of(1, 1, 0xff)))),
    'rfc5280_ca_basic_constraints_critical',
  ),
  fixture('pathLen in a leaf', leafPlus(basicConstraints(encodeInteger(0))), 'rfc5280_path_len_only_in_ca'),
  fixture('an empty EKU', leafPlus(eku()), 'rfc5280_eku_not_empty'),
  fixture(
    'anyExtendedKeyUsage critical in a CA',
    caPlus(extension(oids.eku, encodeSequence(encodeOid('2.5.29.37.0')), true)),
    'rfc5280_any_eku_not_critical',
  ),
  fixture(
    'CDP critical',
    leafPlus(extension(oids.cdp, points('http://x.local/1.crl'), true)),
    'rfc5280_cdp_not_critical',
  ),
  fixture('an empty CDP', leafPlus(cdp()), 'rfc5280_distribution_points_not_empty'),
  fixture(
    'an empty freshestCRL',
    leafPlus(extension(oids.freshest, encodeSequence())),
    'rfc5280_distribution_points_not_empty',
  ),
  fixture(
    'a point with reasons alone',
    leafPlus(extension(oids.cdp, encodeSequence(encodeSequence(encodeImplicit(1, Uint8Array.of(6, 0x40)))))),
    'rfc5280_distribution_point_complete',
  ),
  fixture(
    'freshestCRL critical',
    leafPlus(extension(oids.freshest, points('http://x.local/d.crl'), true)),
    'rfc5280_freshest_crl_not_critical',
  ),
  fixture(
    'AIA critical',
    leafPlus(
      extension(
        oids.aia,
        encodeSequence(encodeSequence(encodeOid('1.3.6.1.5.5.7.48.2'), uri('http://x.local/'))),
        true,
      ),
    ),
    'rfc5280_aia_not_critical',
  ),
  fixture('an empty AIA', leafPlus(aia()), 'rfc5280_aia_not_empty'),
  fixture('a CRL over https', leafPlus(cdp('https://pki.vcc.local/1.crl')), 'rfc5280_status_urls_not_https'),
  fixture(
    'OCSP over https',
    leafPlus(aia(encodeSequence(encodeOid('1.3.6.1.5.5.7.48.1'), uri('HTTPS://pki.vcc.local/')))),
    'rfc5280_status_urls_not_https',
  ),
  fixture('a relative CDP', leafPlus(cdp('crl/1.crl')), 'rfc5280_status_urls_absolute'),
  fixture('no policies', leafPlus(policies()), 'rfc5280_policies_not_empty'),
  fixture('a policy twice', leafPlus(policies('1.2.3.4', '1.2.3.4')), 'rfc5280_policies_unique'),
  fixture(
    'anyPolicy mapped',
    caPlus(
      extension(oids.mappings, encodeSequence(encodeSequence(encodeOid('2.5.29.32.0'), encodeOid('1.2.3.4'))), true),
    ),
    'rfc5280_policy_mappings_without_any_policy',
  ),
  fixture(
    'policyConstraints not critical',
    caPlus(extension(oids.policyConstraints, encodeSequence(encodeImplicit(0, Uint8Array.of(0))))),
    'rfc5280_policy_constraints_critical',
  ),
  fixture(
    'empty policyConstraints',
    caPlus(extension(oids.policyConstraints, encodeSequence(), true)),
    'rfc5280_policy_constraints_not_empty',
  ),
  fixture(
    'inhibitAnyPolicy not critical',
    caPlus(extension(oids.inhibitAnyPolicy, encodeInteger(0))),
    'rfc5280_inhibit_any_policy_critical',
  ),
  fixture('nameConstraints in a leaf', leafPlus(nameConstraints([vccLocal])), 'rfc5280_path_constraints_only_in_ca'),
  fixture(
    'nameConstraints not critical',
    caPlus(nameConstraints([vccLocal], false)),
    'rfc5280_name_constraints_critical',
  ),
  fixture('no permitted subtree', caPlus(nameConstraints([])), 'rfc5280_name_constraints_not_empty'),
  fixture(
    'empty nameConstraints',
    caPlus(extension(oids.nameConstraints, encodeSequence(), true)),
    'rfc5280_name_constraints_not_empty',
  ),
  fixture(
    'a subtree with minimum',
    caPlus(nameConstraints([subtree(dns('vcc.local'), encodeImplicit(0, Uint8Array.of(1)))])),
    'rfc5280_name_constraints_without_bounds',
  ),
  fixture(
    'an address without mask',
    caPlus(nameConstraints([subtree(ip(10, 0, 0, 0))])),
    'rfc5280_name_constraints_ip_address_length',
  ),
];

const latin1 = (text: string) => encodeElement(0x82, Buffer.from(text, 'latin1'));

/** Certificates whose subjectAltName breaks RFC 5280 s4.2.1.6. */
export const rfc5280SanFixtures: readonly Fixture[] = [
  fixture('an empty SAN', leafNamed(), 'rfc5280_san_not_empty'),
  fixture('an umlaut', leafNamed(latin1('b\u00fccher.vcc.local')), 'rfc5280_san_text_ascii'),
  fixture('a blank in a dNSName', leafNamed(dns('a b.vcc.local')), 'rfc5280_dns_name_no_space'),
  fixture('a blank dNSName', leafNamed(dns(' ')), 'rfc5280_dns_name_no_space'),
  fixture('an empty dNSName', leafNamed(dns('')), 'rfc5280_dns_name_no_space'),
  fixture('an address of 5 octets', leafNamed(ip(10, 0, 0, 1, 24)), 'rfc5280_san_ip_address_length'),
  fixture('a display name', leafNamed(email('Ops <ops@vcc.local>')), 'rfc5280_san_email_syntax'),
  fixture('a mailbox without domain', leafNamed(email('ops')), 'rfc5280_san_email_syntax'),
  fixture('a relative URI', leafNamed(uri('veritas/backend')), 'rfc5280_san_uri_absolute'),
  fixture('a URI with a blank', leafNamed(uri('urn:a b')), 'rfc5280_san_uri_absolute'),
  fixture('a URI without host', leafNamed(uri('https:///veritas')), 'rfc5280_san_uri_host'),
];

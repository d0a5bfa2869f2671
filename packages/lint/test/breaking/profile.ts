import {
  encodeBitString,
  encodeBoolean,
  encodeElement,
  encodeImplicit,
  encodeImplicitConstructed,
  encodeInteger,
  encodeNamedBits,
  encodeNull,
  encodeOctetString,
  encodeSequence,
  encodeSetOf,
  encodeTime,
  encodeUtf8String,
  Tag,
} from '@vcc-pki/asn1';
import {
  at,
  baseNames,
  basicConstraints,
  commonName,
  intermediate,
  leaf,
  neverRevokedLeaf,
  ocspResponder,
  version,
} from '../base-certificates.ts';
import { entry, idp, revokedAt, serial } from '../base-crls.ts';
import { extensionList, extensionRequest, requestAttribute } from '../base-requests.ts';
import {
  caPlus,
  crlOf,
  crlPlus,
  type Fixture,
  fixture,
  leafBut,
  leafPlus,
  minus,
  plus,
  requestBut,
} from '../fixture.ts';
import {
  aia,
  attribute,
  attributeTypes,
  cdp,
  cn,
  dns,
  eku,
  extension,
  flag,
  fullName,
  keyIdentifier,
  keyUsage,
  name,
  o,
  ocspAccess,
  oids,
  points,
  subjectAltName,
  uri,
  withoutExtensions,
} from '../parts.ts';

const noRevAvail = extension(oids.noRevAvail, encodeNull());
const ou = attribute(attributeTypes.ou, encodeUtf8String('PKI'));
const org = attribute(attributeTypes.o, encodeUtf8String('VCC'));
const caWithoutPointers = {
  ...intermediate,
  extensions: withoutExtensions(intermediate.extensions ?? [], oids.cdp, oids.aia),
};

export const rfc9608Fixtures: readonly Fixture[] = [
  fixture(
    'critical',
    plus(neverRevokedLeaf, extension(oids.noRevAvail, encodeNull(), true)),
    'rfc9608_no_rev_avail_not_critical',
  ),
  fixture('in a CA', plus(caWithoutPointers, noRevAvail), 'rfc9608_no_rev_avail_only_in_leaf'),
  fixture('with CDP', plus(neverRevokedLeaf, cdp('http://x.local/1.crl')), 'rfc9608_no_rev_avail_excludes_cdp'),
  fixture(
    'with freshestCRL',
    plus(neverRevokedLeaf, extension(oids.freshest, points('http://x.local/d.crl'))),
    'rfc9608_no_rev_avail_excludes_freshest_crl',
  ),
  fixture('with OCSP', plus(neverRevokedLeaf, aia(ocspAccess)), 'rfc9608_no_rev_avail_excludes_ocsp'),
];

/** Certificates that break the CA/B Baseline Requirements; names, keys and CRLs have tables of their own. */
export const cabBrFixtures: readonly Fixture[] = [
  fixture('7 octets of serial', leafBut({ serialNumber: encodeInteger(2 ** 50) }), 'cab_br_serial_at_least_64_bits'),
  fixture(
    '398 days and a second',
    leafBut({ notAfter: encodeTime(at('2027-11-03')) }),
    'cab_br_leaf_validity_at_most_398_days',
  ),
  fixture('a leaf without SAN', minus(leaf, oids.san), 'cab_br_leaf_san_present'),
  fixture('CN not in SAN', leafBut({ subject: name(cn('other.vcc.local')) }), 'cab_br_common_name_in_san'),
  fixture('a leaf without EKU', minus(leaf, oids.eku), 'cab_br_leaf_eku_present'),
  fixture('anyExtendedKeyUsage', leafPlus(eku('server', 'any')), 'cab_br_leaf_no_any_eku'),
  fixture('OCSPSigning and clientAuth', plus(ocspResponder, eku('ocsp', 'client')), 'cab_br_ocsp_signing_alone'),
  fixture('an OCSP responder to be checked', leafPlus(eku('ocsp')), 'cab_br_ocsp_responder_has_no_check'),
  fixture(
    'AKI with issuer and serial',
    leafPlus(
      extension(
        oids.aki,
        encodeSequence(
          encodeImplicit(0, keyIdentifier),
          encodeImplicitConstructed(1, dns('x.local')),
          encodeImplicit(2, Uint8Array.of(1)),
        ),
      ),
    ),
    'cab_br_aki_key_identifier_only',
  ),
  fixture(
    'an RDN of two',
    leafBut({ subject: name(encodeSetOf(ou, org), cn(commonName)) }),
    'cab_br_single_valued_rdn',
  ),
  fixture(
    'O twice',
    leafBut({ subject: name(o('VCC'), o('Framework'), cn(commonName)) }),
    'cab_br_name_attribute_once',
  ),
  fixture('KU not critical', leafPlus(extension(oids.keyUsage, encodeNamedBits([0]))), 'cab_br_key_usage_critical'),
  fixture('a CA without cRLSign', caPlus(keyUsage(5)), 'cab_br_ca_has_crl_sign'),
  fixture('a leaf with cRLSign', leafPlus(keyUsage(0, 6)), 'cab_br_crl_sign_only_in_ca'),
];

export const x690Fixtures: readonly Fixture[] = [
  fixture(
    'critical FALSE',
    leafPlus(extension(oids.ski, encodeOctetString(keyIdentifier), 'encodedFalse')),
    'x690_critical_default_omitted',
  ),
  fixture(
    'critical FALSE in an entry',
    crlOf(entry(serial(1), revokedAt, [extension(oids.reason, Uint8Array.of(10, 1, 1), 'encodedFalse')])),
    'x690_crl_entry_critical_default_omitted',
  ),
  fixture('cA FALSE', leafPlus(basicConstraints(encodeBoolean(false))), 'x690_basic_constraints_default_omitted'),
  fixture(
    'a flag FALSE',
    crlPlus(idp(fullName(uri('http://x.local/1.crl')), flag(1, false))),
    'x690_idp_default_omitted',
  ),
  fixture(
    'v1 encoded; a v1 certificate without extensions would break far more',
    leafBut({ version: version(0) }),
    'x690_version_default_omitted',
    'rfc5280_extensions_only_in_v3',
  ),
  fixture(
    'trailing zero bits',
    leafPlus(extension(oids.keyUsage, encodeBitString(Uint8Array.of(0x80)), true)),
    'x690_key_usage_minimal',
  ),
  fixture('an RDN in wrong order', requestBut({ subject: name(encodeElement(Tag.set, ou, org)) }), 'x690_rdn_sorted'),
];

export const houseFixtures: readonly Fixture[] = [
  fixture(
    'an unknown critical extension',
    leafPlus(extension('1.2.3.4', encodeNull(), true)),
    'house_no_unknown_critical_extension',
  ),
  fixture(
    'an unknown critical extension of an entry',
    crlOf(entry(serial(1), revokedAt, [extension('1.2.3.4', encodeNull(), true)])),
    'house_crl_entry_no_unknown_critical_extension',
  ),
  fixture('a CA with SAN', caPlus(subjectAltName(dns(commonName))), 'house_ca_without_san'),
  fixture(
    'a registeredID',
    leafPlus(subjectAltName(...baseNames, encodeImplicit(8, Uint8Array.of(0x2a)))),
    'house_san_types',
  ),
  fixture(
    'AKI of 8 octets',
    leafPlus(extension(oids.aki, encodeSequence(encodeImplicit(0, new Uint8Array(8))))),
    'house_aki_length',
  ),
  fixture('SKI of 33 octets', leafPlus(extension(oids.ski, encodeOctetString(new Uint8Array(33)))), 'house_ski_length'),
  fixture('no word on revocation', minus(leaf, oids.cdp, oids.aia), 'house_leaf_revocation_status_findable'),
  fixture('a blank at the end', leafBut({ subject: name(o('VCC '), cn(commonName)) }), 'house_name_without_edge_space'),
  fixture('a line feed', leafBut({ subject: name(o('V\nCC'), cn(commonName)) }), 'house_name_without_edge_space'),
  fixture('revoked tomorrow', crlOf(entry(serial(1), encodeTime(at('2026-11-02')))), 'house_crl_entry_not_in_future'),
  fixture(
    'a challengePassword',
    requestBut({ attributes: [requestAttribute('1.2.840.113549.1.9.7', encodeUtf8String('secret'))] }),
    'house_csr_no_challenge_password',
  ),
  fixture('nonRepudiation alone', leafPlus(keyUsage(1)), 'rfc8446_leaf_signs'),
  fixture('TLS without KU', minus(leaf, oids.keyUsage), 'rfc8446_leaf_signs'),
];

const wanted = extensionList(subjectAltName(dns(commonName)));

export const requestFixtures: readonly Fixture[] = [
  fixture('version 1', requestBut({ version: encodeInteger(1) }), 'rfc2986_version_zero'),
  fixture('no attributes field', requestBut({ attributes: undefined }), 'rfc2986_attributes_present'),
  fixture(
    'an attribute without value',
    requestBut({ attributes: [extensionRequest()] }),
    'rfc2986_attribute_values_not_empty',
  ),
  fixture(
    'extensionRequest twice',
    requestBut({ attributes: [extensionRequest(wanted), extensionRequest(wanted)] }),
    'rfc2985_extension_request_once',
  ),
  fixture(
    'two values of extensionRequest',
    requestBut({ attributes: [extensionRequest(wanted, wanted)] }),
    'rfc2985_extension_request_single_value',
  ),
];

const malformed = leafPlus(extension(oids.keyUsage, encodeSequence(), true));
const trailing = leafPlus(extension(oids.ski, Uint8Array.of(...encodeOctetString(keyIdentifier), 5, 0)));

export const malformedFixtures: readonly Fixture[] = [
  fixture('a truncated certificate', { kind: 'certificate', der: malformed.der.subarray(0, -1) }, 'der_malformed'),
  fixture('an empty input', { kind: 'csr', der: new Uint8Array(0) }, 'der_malformed'),
  fixture('a CRL that is a certificate', { kind: 'crl', der: malformed.der }, 'der_malformed'),
  fixture('a keyUsage that is a sequence', malformed, 'der_malformed'),
  fixture('octets after an extension value', trailing, 'der_malformed'),
  fixture(
    'a subject that is not UTF-8',
    leafBut({
      subject: name(encodeSetOf(attribute(attributeTypes.o, encodeElement(Tag.utf8String, Uint8Array.of(0xc3, 0x28))))),
    }),
    'der_malformed',
  ),
  fixture(
    'a reason that is an INTEGER',
    crlOf(entry(serial(1), revokedAt, [extension(oids.reason, encodeInteger(1))])),
    'der_malformed',
  ),
];

import { encodeGeneralizedTime, encodeImplicit, encodeInteger, encodeSequence, encodeTime } from '@vcc-pki/asn1';
import { at } from '../base-certificates.ts';
import { deltaCrl, entry, fullCrl, idp, number, reason, revokedAt, serial } from '../base-crls.ts';
import { crlBut, crlMinus, crlOf, crlPlus, type Fixture, fixture } from '../fixture.ts';
import { dns, extension, flag, oids, points, withExtensions } from '../parts.ts';

const listed = (...extensions: Parameters<typeof extension>[]) =>
  crlOf(
    entry(
      serial(1),
      revokedAt,
      extensions.map((parameters) => extension(...parameters)),
    ),
  );
const deltaPlus = (...changes: Parameters<typeof withExtensions>[1]) =>
  crlBut({ ...deltaCrl, extensions: withExtensions(deltaCrl.extensions, changes) });

/** CRLs that break RFC 5280 s5. */
export const rfc5280CrlFixtures: readonly Fixture[] = [
  fixture('v1', crlBut({ version: undefined }), 'rfc5280_crl_version_v2'),
  fixture('no nextUpdate', crlBut({ nextUpdate: undefined }), 'rfc5280_crl_next_update_present'),
  fixture(
    'nextUpdate = thisUpdate',
    crlBut({ nextUpdate: fullCrl.thisUpdate }),
    'rfc5280_crl_next_update_after_this_update',
  ),
  fixture(
    'GeneralizedTime before 2050',
    crlBut({ nextUpdate: encodeGeneralizedTime(at('2026-11-02')) }),
    'rfc5280_crl_time_type',
  ),
  fixture('no AKI', crlMinus(oids.aki), 'rfc5280_crl_aki_present'),
  fixture('no cRLNumber', crlMinus(oids.crlNumber), 'rfc5280_crl_number_present'),
  fixture(
    'cRLNumber critical',
    crlPlus(extension(oids.crlNumber, encodeInteger(1), true)),
    'rfc5280_crl_number_not_critical',
  ),
  fixture(
    'cRLNumber of 21 octets',
    crlPlus(extension(oids.crlNumber, encodeInteger(new Uint8Array(21).fill(1)))),
    'rfc5280_crl_number_at_most_20_octets',
  ),
  fixture('cRLNumber -1', crlPlus(number(-1)), 'rfc5280_crl_number_not_negative'),
  fixture('IDP not critical', crlPlus(extension(oids.idp, encodeSequence(flag(1)))), 'rfc5280_idp_critical'),
  fixture('an empty IDP', crlPlus(idp()), 'rfc5280_idp_not_empty'),
  fixture('for users only and for CAs only', crlPlus(idp(flag(1), flag(2))), 'rfc5280_idp_at_most_one_scope'),
  fixture('an empty list', crlOf(), 'rfc5280_crl_revoked_certificates_not_empty'),
  fixture(
    'delta indicator not critical',
    deltaPlus(extension(oids.deltaIndicator, encodeInteger(40))),
    'rfc5280_delta_crl_indicator_critical',
  ),
  fixture(
    'delta based on itself',
    deltaPlus(extension(oids.deltaIndicator, encodeInteger(41), true)),
    'rfc5280_delta_base_before_number',
  ),
  fixture(
    'delta based on a later CRL',
    deltaPlus(extension(oids.deltaIndicator, encodeInteger(300), true)),
    'rfc5280_delta_base_before_number',
  ),
  fixture(
    'delta with freshestCRL',
    deltaPlus(extension(oids.freshest, points('http://x.local/d.crl'))),
    'rfc5280_delta_crl_without_freshest_crl',
  ),
  fixture(
    'the same serial twice',
    crlOf(entry(serial(1), revokedAt), entry(serial(2), revokedAt), entry(serial(1), revokedAt, [reason(1)])),
    'rfc5280_crl_entry_serials_unique',
  ),
  fixture('serial 0 listed', crlOf(entry(encodeInteger(0), revokedAt)), 'rfc5280_crl_entry_serial_valid'),
  fixture('a negative serial listed', crlOf(entry(encodeInteger(-5), revokedAt)), 'rfc5280_crl_entry_serial_valid'),
  fixture(
    'a revocation in GeneralizedTime',
    crlOf(entry(serial(1), encodeGeneralizedTime(at('2026-10-15')))),
    'rfc5280_crl_entry_time_type',
  ),
  fixture('empty entry extensions', listed(), 'rfc5280_crl_entry_extensions_not_empty'),
  fixture(
    'a reason twice',
    crlOf(entry(serial(1), revokedAt, [reason(1), reason(1)])),
    'rfc5280_crl_entry_no_duplicate_extension',
  ),
  fixture('reason 0', crlOf(entry(serial(1), revokedAt, [reason(0)])), 'rfc5280_crl_reason_not_unspecified'),
  fixture('reason critical', crlOf(entry(serial(1), revokedAt, [reason(1, true)])), 'rfc5280_crl_reason_not_critical'),
  fixture('reason 7', crlOf(entry(serial(1), revokedAt, [reason(7)])), 'rfc5280_crl_reason_defined'),
  fixture('reason 11', crlOf(entry(serial(1), revokedAt, [reason(11)])), 'rfc5280_crl_reason_defined'),
  fixture('removeFromCRL', crlOf(entry(serial(1), revokedAt, [reason(8)])), 'rfc5280_crl_remove_only_in_delta'),
  fixture(
    'invalidityDate critical',
    listed([oids.invalidityDate, encodeGeneralizedTime(at('2026-10-14')), true]),
    'rfc5280_crl_invalidity_date_not_critical',
  ),
  fixture(
    'certificateIssuer',
    listed([oids.certificateIssuer, encodeSequence(dns('x.local')), true]),
    'rfc5280_crl_certificate_issuer_only_in_indirect',
  ),
  fixture(
    'only the first entry of a kind is reported',
    crlOf(entry(serial(1), revokedAt, [reason(7)]), entry(serial(2), revokedAt, [reason(7)])),
    'rfc5280_crl_reason_defined',
  ),
  fixture(
    'an indirect CRL may list a serial twice',
    crlBut({
      extensions: withExtensions(fullCrl.extensions, [idp(flag(4))]),
      entries: [entry(serial(1), revokedAt), entry(serial(1), revokedAt)],
    }),
    'cab_br_crl_whole_scope',
  ),
  fixture('CRL for some reasons', crlPlus(idp(encodeImplicit(3, Uint8Array.of(6, 0x40)))), 'cab_br_crl_whole_scope'),
  fixture('certificateHold', crlOf(entry(serial(1), revokedAt, [reason(6)])), 'cab_br_crl_no_certificate_hold'),
  fixture(
    'a CRL of 366 days',
    crlBut({ nextUpdate: encodeTime(at('2027-11-02')) }),
    'cab_br_crl_life_at_most_12_months',
  ),
];

import { encodeNull } from '@vcc-pki/asn1';
import { ed25519Leaf, kek, leaf, mlDsaLeaf, rsaLeaf } from '../base-certificates.ts';
import { but, type Fixture, fixture, leafKey, leafPlus, leafSigned, plus } from '../fixture.ts';
import { algorithm, p521Key, pss, rsaKeyOf, spki } from '../keys.ts';
import { criticalEku, eku, keyUsage, subjectAltName, uri } from '../parts.ts';

const ecPublicKey = '1.2.840.10045.2.1';
const p256 = Uint8Array.from([0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07]);
const ed25519 = '1.3.101.112';
const mlDsa65 = '2.16.840.1.101.3.4.3.18';

/** Certificates with algorithm identifiers that are not as their RFC wants them. */
export const algorithmFixtures: readonly Fixture[] = [
  fixture('RSA without NULL', leafSigned(algorithm('1.2.840.113549.1.1.11')), 'rfc4055_rsa_signature_parameters_null'),
  fixture(
    'ECDSA with NULL',
    leafSigned(algorithm('1.2.840.10045.4.3.2', encodeNull())),
    'rfc5758_ecdsa_signature_parameters_absent',
  ),
  fixture(
    'Ed25519 with NULL',
    leafSigned(algorithm(ed25519, encodeNull())),
    'rfc8410_ed25519_signature_parameters_absent',
  ),
  fixture(
    'ML-DSA with NULL',
    leafSigned(algorithm(mlDsa65, encodeNull())),
    'rfc9881_ml_dsa_signature_parameters_absent',
  ),
  fixture('PSS with a short salt', leafSigned(pss(20)), 'rfc4055_pss_parameters_consistent'),
  fixture('PSS with two hashes', leafSigned(pss(32, '2.16.840.1.101.3.4.2.2')), 'rfc4055_pss_parameters_consistent'),
  fixture(
    'PSS without parameters',
    leafSigned(algorithm('1.2.840.113549.1.1.10')),
    'rfc4055_pss_parameters_consistent',
  ),
  fixture('SHA-1', leafSigned(algorithm('1.2.840.113549.1.1.5', encodeNull())), 'house_signature_algorithm_accepted'),
];

const kekName = 'urn:vcc:kek:themis-main:3';
/** Its common name is then none of its names. */
const kekNames = ['house_kek_profile', 'cab_br_common_name_in_san'];

/** Certificates with public keys that are weak, or not as their RFC wants them. */
export const keyFixtures: readonly Fixture[] = [
  fixture(
    'an RSA key without NULL',
    leafKey(rsaKeyOf(2048, 65_537, algorithm('1.2.840.113549.1.1.1'))),
    'rfc3279_rsa_key_parameters_null',
  ),
  fixture(
    'an EC key without curve',
    leafKey(spki(algorithm(ecPublicKey, encodeNull()), new Uint8Array(65))),
    'rfc5480_ec_key_names_its_curve',
  ),
  fixture(
    'a compressed point',
    leafKey(spki(algorithm(ecPublicKey, p256), new Uint8Array(33).fill(2))),
    'rfc5480_ec_point_uncompressed',
  ),
  fixture(
    'a point that is too short',
    leafKey(spki(algorithm(ecPublicKey, p256), new Uint8Array(64).fill(4))),
    'rfc5480_ec_point_uncompressed',
  ),
  fixture(
    'an Ed25519 key with NULL',
    leafKey(spki(algorithm(ed25519, encodeNull()), new Uint8Array(32))),
    'rfc8410_ed25519_key_parameters_absent',
  ),
  fixture(
    'an Ed25519 key of 31 octets',
    leafKey(spki(algorithm(ed25519), new Uint8Array(31))),
    'rfc8410_ed25519_key_length',
  ),
  fixture(
    'an ML-DSA key with NULL',
    leafKey(spki(algorithm(mlDsa65, encodeNull()), new Uint8Array(1952))),
    'rfc9881_ml_dsa_key_parameters_absent',
  ),
  fixture(
    'an ML-DSA-65 key of ML-DSA-44',
    leafKey(spki(algorithm(mlDsa65), new Uint8Array(1312))),
    'rfc9881_ml_dsa_key_length',
  ),
  fixture('ML-DSA with keyEncipherment', plus(mlDsaLeaf, keyUsage(0, 2)), 'rfc9881_ml_dsa_key_signs_only'),
  fixture('Ed25519 with keyAgreement', plus(ed25519Leaf, keyUsage(0, 4)), 'rfc8410_ed25519_key_signs_only'),
  fixture('EC with keyEncipherment', leafPlus(keyUsage(0, 2)), 'rfc8813_ec_key_never_enciphers'),
  fixture('EC with dataEncipherment', leafPlus(keyUsage(0, 3)), 'rfc8813_ec_key_never_enciphers'),
  fixture('RSA of 1024 bits', but(rsaLeaf, { publicKey: rsaKeyOf(1024) }), 'cab_br_rsa_modulus_at_least_2048_bits'),
  fixture('RSA of 2049 bits', but(rsaLeaf, { publicKey: rsaKeyOf(2049) }), 'cab_br_rsa_modulus_whole_octets'),
  fixture('RSA of 4104 bits', but(rsaLeaf, { publicKey: rsaKeyOf(4104) }), 'house_rsa_modulus_at_most_4096_bits'),
  fixture('e = 3', but(rsaLeaf, { publicKey: rsaKeyOf(2048, 3) }), 'cab_br_rsa_exponent'),
  fixture('e even', but(rsaLeaf, { publicKey: rsaKeyOf(2048, 65_538) }), 'cab_br_rsa_exponent'),
  fixture('X25519', leafKey(spki(algorithm('1.3.101.110'), new Uint8Array(32))), 'house_key_algorithm_accepted'),
  fixture('a KEK for TLS too', plus(kek, criticalEku('kek', 'client'), keyUsage(0, 4)), 'house_kek_profile'),
  fixture('a KEK that is not critical', plus(kek, eku('kek')), 'house_kek_profile'),
  fixture('a KEK that signs', plus(kek, keyUsage(0, 4)), 'house_kek_profile'),
  fixture('a KEK with another URN', plus(kek, subjectAltName(uri('urn:vcc:kek:themis-main:03'))), ...kekNames),
  fixture('a KEK with two names', plus(kek, subjectAltName(uri(kekName), uri('urn:vcc:a'))), 'house_kek_profile'),
  fixture('P-521', but(leaf, { publicKey: p521Key }), 'house_ec_curve_accepted'),
];

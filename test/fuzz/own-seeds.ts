import {
  encodeCertId,
  encodeOcspRequest,
  encodeOcspResponse,
  encodeSigned,
  hashIssuer,
  parseCertificate,
  parseCertificateList,
  parseOcspResponse,
  type RevocationReason,
  revocationReasons,
} from '@vcc-pki/x509';
import { makeKey } from '../../packages/x509/test/support/keys.ts';
import {
  ica,
  leaf,
  type PathPlace,
  pathParts,
  pathRequest,
  root,
} from '../../packages/x509/test/support/path-scene.ts';
import {
  makeCertificate,
  makeCertificateList,
  makeCertificateRequest,
} from '../../packages/x509/test/support/samples.ts';
import { now } from '../../packages/x509/test/support/test-ca.ts';
import type { Seed } from './seed.ts';

const reasons = Object.keys(revocationReasons) as RevocationReason[];
const signers = { leaf: ica, ica: root, root, icaCrl: ica, rootCrl: root, ocsp: ica } as const;
const places = Object.keys(pathParts) as PathPlace[];
const inPlace = (place: PathPlace) => (der: Uint8Array) => pathRequest({ ...pathParts, [place]: der });

/** Objects made here, damaged after they were signed. */
export function ownSeeds(): Seed[] {
  const key = makeKey();
  const certId = encodeCertId(hashIssuer(parseCertificate(ica.der), 'sha256'), parseCertificate(leaf.der).serialNumber);
  const certificate = makeCertificate(key);
  const list = makeCertificateList(key, reasons);
  return [
    ...places.map((place) => ({ name: `own/${place}`, octets: pathParts[place], request: inPlace(place) })),
    { name: 'own/certificate-all-extensions', octets: certificate, request: inPlace('ica') },
    { name: 'own/certificate-list-all-reasons', octets: list, request: inPlace('icaCrl') },
    { name: 'own/certificate-list-of-100-kB', octets: longList(), request: inPlace('icaCrl') },
    { name: 'own/certificate-request', octets: makeCertificateRequest(key) },
    { name: 'own/ocsp-request', octets: encodeOcspRequest([certId], { nonce: new Uint8Array(32) }) },
  ];
}

/** The same path, damaged before it is signed: what lies behind the verification of signatures meets it too. */
export function sealedSeeds(): Seed[] {
  return places.map((place) => ({
    name: `sealed/${place}`,
    octets: tbsOf(place),
    seal: (damaged) => seal(place, damaged),
    request: inPlace(place),
  }));
}

function tbsOf(place: PathPlace): Uint8Array {
  const der = pathParts[place];
  if (place === 'icaCrl' || place === 'rootCrl') return parseCertificateList(der).tbsDer;
  if (place !== 'ocsp') return parseCertificate(der).tbsDer;
  const parsed = parseOcspResponse(der);
  if (!('response' in parsed)) throw new Error('the scene has an answer');
  return parsed.response.tbsDer;
}

function seal(place: PathPlace, tbs: Uint8Array): Uint8Array {
  const { key } = signers[place];
  const signature = key.sign(tbs);
  if (place !== 'ocsp') return encodeSigned(tbs, key.algorithm, signature);
  return encodeOcspResponse({
    tbsResponseData: tbs,
    signatureAlgorithm: key.algorithm,
    signature,
    certificates: [],
  });
}

function longList(): Uint8Array {
  const entries = Array.from({ length: 2000 }, (_, n) => ({
    serialNumber: Uint8Array.of(0x41, n >> 8, n & 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
    revokedAt: now - 5000,
    reason: reasons[1 + (n % 5)] as RevocationReason,
  }));
  return ica.crl({ entries });
}

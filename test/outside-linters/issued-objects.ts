import assert from 'node:assert/strict';
import { encodePem } from '@vcc-pki/asn1';
import type { KeyType } from '@vcc-pki/signer';
import {
  type DistributionPoint,
  decodeExtension,
  type Extension,
  extensionId,
  parseCertificate,
  parseCertificateList,
  parseCRLDistributionPoints,
  parseFreshestCRL,
} from '@vcc-pki/x509';
import { request } from 'undici';
import { answerOf, ocspClient, onlyDer, serialOf } from '../support/ocsp-client.ts';
import type { IssuedIdentity, RunningPki } from '../support/running-pki.ts';

/** Something that leaves the house signed. */
export interface IssuedObject {
  /** What exceptions call it. */
  readonly kind: string;
  readonly form: 'certificate' | 'crl' | 'ocspResponse';
  readonly der: Uint8Array;
}

const certificate = (kind: string, der: Uint8Array): IssuedObject => ({ kind, form: 'certificate', der });

/** Each its own service, so that no quota is in the way. */
const leaves: readonly [kind: string, service: string, keyType: KeyType, profile: string][] = [
  ['service-p256', 'test-p256', 'P-256', 'service'],
  ['service-p384', 'test-p384', 'P-384', 'service'],
  ['service-rsa', 'test-rsa2048', 'RSA-2048', 'service'],
  ['service-ed25519', 'test-ed25519', 'Ed25519', 'service'],
  ['client', 'covina-backend', 'P-256', 'client'],
  ['server', 'vpb-backend', 'P-256', 'server'],
  ['short-lived', 'veritas-backend', 'P-256', 'short-lived'],
];

/** One of every kind of certificate, CRL and OCSP answer that we issue, as relying parties get it. */
export async function issuedObjects(pki: RunningPki): Promise<IssuedObject[]> {
  const issued = new Map<string, IssuedIdentity>();
  for (const [kind, service, keyType, profile] of leaves) {
    issued.set(kind, await pki.issueFor(service, { keyType, body: { profile } }));
  }
  const [good, revoked] = [issued.get('service-p256'), issued.get('service-p384')];
  assert.ok(good && revoked);
  const path = `/api/v1/certificates/${revoked.certificateId}/revoke?wait=published`;
  const body = { reason: 'keyCompromise', invalidity_date: new Date(Date.now() - 86_400_000).toISOString() };
  const answer = await pki.call('DELETE', path, { body });
  assert.equal(answer.status, 200, answer.text);
  return [
    certificate('root', onlyDer(pki.rootPem)),
    certificate('intermediate', onlyDer(pki.intermediatePem)),
    ...[...issued].map(([kind, { certificatePem }]) => certificate(kind, onlyDer(certificatePem))),
    ...(await publishedCrls(pki, revoked)),
    ...(await ocspAnswers(pki, { good, revoked })),
  ];
}

/** Found as a relying party finds them: by the addresses in certificates and CRLs. */
async function publishedCrls(pki: RunningPki, revoked: IssuedIdentity): Promise<IssuedObject[]> {
  const fetchCrl = async (url: string): Promise<Uint8Array> => {
    const response = await request(`${pki.publicUrl}${new URL(url).pathname}`);
    assert.equal(response.statusCode, 200, url);
    return new Uint8Array(await response.body.arrayBuffer());
  };
  const intermediate = parseCertificate(onlyDer(pki.intermediatePem));
  const leaf = parseCertificate(onlyDer(revoked.certificatePem));
  const root = await fetchCrl(crlUrl(intermediate.extensions, 'cRLDistributionPoints'));
  const shard = await fetchCrl(crlUrl(leaf.extensions, 'cRLDistributionPoints'));
  const full = await fetchCrl(`${pki.publicUrl}/crl/${ocspClient(pki).issuerId}.crl`);
  const delta = await fetchCrl(crlUrl(parseCertificateList(full).extensions, 'freshestCRL'));
  assert.ok(parseCertificateList(shard).findEntry(leaf.serialNumber), 'the shard has an entry to be linted');
  const crls = { 'root-crl': root, 'full-crl': full, 'shard-crl': shard, 'delta-crl': delta };
  return Object.entries(crls).map(([kind, der]) => ({ kind, form: 'crl', der }));
}

const parsers = { cRLDistributionPoints: parseCRLDistributionPoints, freshestCRL: parseFreshestCRL } as const;

function crlUrl(extensions: readonly Extension[], name: keyof typeof parsers): string {
  const points: readonly DistributionPoint[] = decodeExtension(extensions, extensionId[name], parsers[name]) ?? [];
  const point = points[0]?.distributionPoint;
  assert.ok(point?.type === 'fullName', `no address in ${name}`);
  const [uri] = point.names;
  assert.ok(uri?.type === 'uniformResourceIdentifier');
  return uri.value;
}

async function ocspAnswers(
  pki: RunningPki,
  { good, revoked }: Readonly<Record<'good' | 'revoked', IssuedIdentity>>,
): Promise<IssuedObject[]> {
  const client = ocspClient(pki);
  const ask = async (serial: string): Promise<Uint8Array> => (await client.post(client.request(serial))).der;
  const answers = {
    'ocsp-good': await ask(serialOf(good)),
    'ocsp-revoked': await ask(serialOf(revoked)),
    'ocsp-unknown': await ask('41'.repeat(18)),
  };
  for (const [kind, der] of Object.entries(answers)) {
    assert.equal(`ocsp-${answerOf(der).responses[0]?.status.type}`, kind);
  }
  const [responder] = answerOf(answers['ocsp-good']).certificates;
  assert.ok(responder, 'the responder sends its certificate along');
  return [
    certificate('ocsp-responder', responder),
    ...Object.entries(answers).map(([kind, der]): IssuedObject => ({ kind, form: 'ocspResponse', der })),
  ];
}

/** In the PEM form that the linters tell kinds apart by; OCSP responses have none. */
export function pemOf({ form, der }: IssuedObject): string {
  return encodePem(form === 'crl' ? 'X509 CRL' : 'CERTIFICATE', der);
}

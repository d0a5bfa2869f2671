import { createHash } from 'node:crypto';
import { type CaCertificateResource, PkiError, serialNumberDecimal } from '@vcc-pki/api';
import { encodePem, toHex } from '@vcc-pki/asn1';
import { type Certificate, formatName, keyIdentifier } from '@vcc-pki/x509';
import type { Issuer } from '../../authority/issuer.ts';
import { keyTypeName } from '../../authority/key-type-name.ts';
import type { Clock } from '../../clock.ts';
import type { CrlPublisher } from '../../revocation/crl-publisher.ts';
import type { ServedCrl } from '../../revocation/served-crls.ts';
import type { Handlers } from '../call.ts';
import { sendCrl } from '../send-crl.ts';
import { wireTime } from './certificate-resource.ts';

export interface CaRouteDeps {
  readonly clock: Clock;
  readonly issuer: Issuer;
  readonly publisher: CrlPublisher;
}

type Ids =
  | 'listCaCertificates'
  | 'getCaChain'
  | 'downloadIssuer'
  | 'downloadRoot'
  | 'downloadCrl'
  | 'downloadCrlShard'
  | 'downloadDeltaCrl';

/** CA certificates and CRLs, open to everybody: who needs them has no certificate yet, or only wants to check one. */
export function caHandlers({ clock, issuer, publisher }: CaRouteDeps): Handlers<Ids> {
  const root = toCaResource(issuer.rootCertificate, 'root');
  const intermediate = toCaResource(issuer.certificate, 'intermediate');
  const byId = new Map([root, intermediate].map((resource) => [resource.issuer_id, resource]));
  const derById = new Map([
    [root.issuer_id, issuer.rootCertificate.der],
    [intermediate.issuer_id, issuer.certificate.der],
  ]);
  const find = (issuerId: string, scope: string): ServedCrl => {
    const crl = publisher.served.get(issuerId, scope);
    if (crl === undefined) throw new PkiError('notFound', `there is no CRL ${scope} of an issuer ${issuerId}`);
    return crl;
  };
  return {
    listCaCertificates: () => ({ items: [...byId.values()], chain_url: '/api/v1/ca/chain' }),

    getCaChain: ({ reply }) => {
      reply.type('application/pem-certificate-chain');
      return intermediate.certificate_pem + root.certificate_pem;
    },

    downloadIssuer: ({ params, reply }) => {
      const der = derById.get(params.issuer);
      if (der === undefined) throw new PkiError('notFound', `there is no issuer ${params.issuer}`);
      reply.type('application/pkix-cert');
      return Buffer.from(der);
    },

    downloadRoot: ({ reply }) => {
      reply.type('application/x-pem-file');
      return root.certificate_pem;
    },

    downloadCrl: ({ params, request, reply }) => sendCrl(request, reply, find(params.issuer, 'full'), clock.now()),

    downloadCrlShard: ({ params, request, reply }) =>
      sendCrl(request, reply, find(params.issuer, params.shard), clock.now()),

    downloadDeltaCrl: ({ params, request, reply }) =>
      sendCrl(request, reply, find(params.issuer, 'delta'), clock.now()),
  };
}

function toCaResource(certificate: Certificate, role: 'root' | 'intermediate'): CaCertificateResource {
  const keyId = toHex(keyIdentifier(certificate.subjectPublicKeyInfo.der));
  const serial = toHex(certificate.serialNumber);
  return {
    issuer_id: keyId,
    role,
    subject: formatName(certificate.subject),
    issuer: formatName(certificate.issuer),
    serial_number: serial,
    serial_number_decimal: serialNumberDecimal(serial),
    fingerprint_sha256: createHash('sha256').update(certificate.der).digest('hex'),
    not_before: wireTime(certificate.validity.notBefore),
    not_after: wireTime(certificate.validity.notAfter),
    key_type: keyTypeName(certificate.subjectPublicKeyInfo.der),
    certificate_pem: encodePem('CERTIFICATE', certificate.der),
  };
}

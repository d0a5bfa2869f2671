import { PkiError } from '@vcc-pki/api';
import { encodePem } from '@vcc-pki/asn1';
import { encodeCertsOnlyCms } from '@vcc-pki/x509';
import type { Issuer } from '../../authority/issuer.ts';
import type { Clock } from '../../clock.ts';
import type { Requester } from '../../requester.ts';
import { type CertificateRecord, certificateDer, type Store } from '../../store/index.ts';
import type { Handlers } from '../call.ts';
import { findCertificate } from './find-certificate.ts';

export interface DownloadDeps {
  readonly store: Store;
  readonly issuer: Issuer;
  readonly clock: Clock;
}

/** Certificates as files. */
export function downloadHandlers(deps: DownloadDeps): Handlers<'downloadCertificate'> {
  return {
    downloadCertificate: async ({ requester, params, query, reply }) => {
      const record = await findCertificate(deps, requester, params.id);
      const format = query.format ?? 'pem';
      const part = query.part ?? (format === 'der' ? 'leaf' : 'fullchain');
      const file = encodeFile(certificatesOf(record, part, deps.issuer), format);
      await recordDownload(deps, requester, record, { format, part });
      reply.header('content-disposition', `attachment; filename="${record.serviceId}.${file.extension}"`);
      reply.type(file.mediaType);
      return file.content;
    },
  };
}

function certificatesOf(record: CertificateRecord, part: string, issuer: Issuer): readonly Uint8Array[] {
  const leaf = certificateDer(record);
  if (leaf === undefined) throw new PkiError('notFound', `${record.certificateId} was recorded and never issued`);
  if (part === 'leaf') return [leaf];
  return part === 'chain' ? issuer.chain : [leaf, ...issuer.chain];
}

function encodeFile(certificates: readonly Uint8Array[], format: 'pem' | 'der' | 'pkcs7') {
  const [first] = certificates;
  if (format === 'der') {
    if (first === undefined || certificates.length > 1) {
      throw new PkiError('malformed', 'DER holds one certificate: use part=leaf, or format=pkcs7 for several', {
        field: 'part',
      });
    }
    return { content: Buffer.from(first), mediaType: 'application/pkix-cert', extension: 'cer' };
  }
  if (format === 'pkcs7') {
    // RFC 8551 s3.2.2: certs-only.
    const mediaType = 'application/pkcs7-mime; smime-type=certs-only';
    return { content: Buffer.from(encodeCertsOnlyCms(certificates)), mediaType, extension: 'p7c' };
  }
  const content = certificates.map((der) => encodePem('CERTIFICATE', der)).join('');
  return { content, mediaType: 'application/pem-certificate-chain', extension: 'pem' };
}

async function recordDownload(
  deps: DownloadDeps,
  requester: Requester,
  record: CertificateRecord,
  details: { format: string; part: string },
): Promise<void> {
  await deps.store.ledger.submit('recordEvent', {
    audit: {
      timestamp: deps.clock.now(),
      requestId: requester.requestId,
      serviceId: requester.serviceId,
      action: 'download',
      certificateId: record.certificateId,
      clientIp: requester.clientIp,
      clientCertFingerprint: requester.fingerprint,
      status: 'success',
      details,
    },
  });
}

import type { CertificateResource } from '@vcc-pki/api';
import type { CertificateFiles } from '@vcc-pki/client';
import { newRequest, type RunningPki } from '../../support/running-pki.ts';

/** Has the administrator request a certificate for a service, and puts it where the service expects it. */
export async function installFor(
  pki: RunningPki,
  service: string,
  files: CertificateFiles,
  body: Readonly<Record<string, unknown>> = {},
): Promise<CertificateResource> {
  const { key, csr } = await newRequest();
  const answer = await pki.call('POST', '/api/v1/certificates/request', {
    body: { service_name: service, csr, ...body },
  });
  if (answer.status !== 201) throw new Error(`no certificate for ${service}: ${answer.text}`);
  const certificate = answer.json() as CertificateResource;
  const pending = { wish: '', idempotencyKey: '', body: '', keyPem: key };
  await files.install(pending, {
    key,
    cert: certificate.certificate_pem,
    fullchain: certificate.certificate_pem + certificate.chain_pem,
    rootCa: pki.rootPem,
    metadata: JSON.stringify(certificate),
  });
  return certificate;
}

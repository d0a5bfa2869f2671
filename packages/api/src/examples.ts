import { exampleCertificatePem, exampleChainPem, exampleCsr } from './examples-pem.ts';
import type { AuditPage } from './schemas/audit.ts';
import type { CaCertificatesResource } from './schemas/ca.ts';
import type {
  CertificatePage,
  CertificateResource,
  CertificateSummary,
  RenewalInfo,
  RequestCertificateBody,
} from './schemas/certificates.ts';
import type { CrlResource } from './schemas/crl.ts';
import type { ReadyResource } from './schemas/health.ts';
import type { RevocationResource, SerialCheckResource } from './schemas/revocation.ts';

/** What the OpenAPI document shows; a test holds each against its schema. */

const certificateId = 'cert_veritas_backend_20261121_5d0c1f9e7ab24c83d6e1';
const path = `/api/v1/certificates/${certificateId}`;
const serial = {
  serial_number: '4afe0c53d7a1b26f8890d7c1e2f3045566aa',
  serial_number_decimal: '6532757266218294321068367323112103780640426',
};
const fingerprint = '709fb1d17ab8930fa262c56a2cda07d2fcf810b07ba76acfdda0cea112ee95f4';
const metadata = { owner: 'VERITAS Team', environment: 'production', contact: 'admin@veritas.local' };
const issuerId = 'd82cfa89650f37fbcfaf78d5bfb1951b7f2f2b8e';
const crlUrl = `http://pki.vcc.local:8080/crl/${issuerId}.crl`;
const shardUrl = `http://pki.vcc.local:8080/crl/${issuerId}/10.crl`;

export const requestExample: RequestCertificateBody = {
  service_name: 'veritas-backend',
  common_name: 'veritas-backend.vcc.local',
  san_dns: ['veritas-backend', 'veritas-backend.vcc.local'],
  san_ip: ['127.0.0.1'],
  validity_days: 365,
  csr: exampleCsr,
  metadata,
};

export const renewalInfoExample: RenewalInfo = {
  suggested_window: { start: '2027-11-02T03:46:55Z', end: '2027-11-02T13:22:56Z' },
  reason: 'scheduled',
};

const summaryExample: CertificateSummary = {
  certificate_id: certificateId,
  service_name: 'veritas-backend',
  common_name: 'veritas-backend.vcc.local',
  ...serial,
  fingerprint_sha256: fingerprint,
  not_before: '2026-11-21T22:22:05Z',
  not_after: '2027-11-21T22:22:05Z',
  issuer: 'VCC Intermediate CA',
  issuer_id: issuerId,
  status: 'active',
  profile: 'service',
  key_type: 'P-256',
  created_at: '2026-11-21T22:23:05Z',
  renewal_info: renewalInfoExample,
  metadata,
  download_url: `${path}/download`,
  links: { self: path, download: `${path}/download`, renew: `${path}/renew`, revoke: `${path}/revoke` },
};

export const certificateExample: CertificateResource = {
  ...summaryExample,
  status: 'active',
  fingerprint_sha256: fingerprint,
  san_dns: ['veritas-backend', 'veritas-backend.vcc.local'],
  san_ip: ['127.0.0.1'],
  san_uri: ['spiffe://vcc.local/veritas-backend'],
  san_email: [],
  certificate_pem: exampleCertificatePem,
  chain_pem: exampleChainPem,
};

export const renewalExample: CertificateResource = {
  ...certificateExample,
  replaces: 'cert_veritas_backend_20251202_0c7713a4b5f20e9d8c61',
  drop_candidate: 'cert_veritas_backend_20251202_0c7713a4b5f20e9d8c61',
};

export const certificatePageExample: CertificatePage = { items: [summaryExample], next_cursor: null };

export const revocationExample: RevocationResource = {
  certificate_id: certificateId,
  service_name: 'veritas-backend',
  ...serial,
  status: 'revoked',
  reason: 'keyCompromise',
  revoked_at: '2026-12-01T08:00:00Z',
  effective_at: '2026-12-01T08:00:05Z',
  published: false,
  crl_url: shardUrl,
  same_key: [],
};

export const crlExample: CrlResource = {
  issuer: 'VCC Intermediate CA',
  issuer_id: issuerId,
  crl_number: '17',
  this_update: '2026-12-01T08:00:00Z',
  next_update: '2026-12-01T14:00:00Z',
  crl_url: crlUrl,
  sha256: '6d6a2d0a4cbb2cb4c2b6b0f0d7a1a3e6a2a1a6f9f1f0b1a0c9d8e7f6a5b4c3d2',
  entry_count: 1,
  entries: [{ ...serial, revoked_at: '2026-12-01T08:00:00Z', reason: 'keyCompromise' }],
};

export const serialCheckExample: SerialCheckResource = {
  ...serial,
  certificate_id: certificateId,
  revoked: true,
  status: 'revoked',
  revoked_at: '2026-12-01T08:00:00Z',
  reason: 'keyCompromise',
  checked_at: '2026-12-01T08:00:01Z',
  crl_url: shardUrl,
};

export const caCertificatesExample: CaCertificatesResource = {
  items: [
    {
      issuer_id: issuerId,
      role: 'intermediate',
      subject: 'CN=VCC Intermediate CA,O=VCC Framework',
      issuer: 'CN=VCC Root CA,O=VCC Framework',
      serial_number: '68c292d9251c34391b9ac4f2b616ac1847ddbc68',
      serial_number_decimal: '598074177018541789615290586850930486367741656168',
      fingerprint_sha256: 'cdf34d8464938e6ed4aa41abc1735e93e6b67b20f0c2b3f57784bc0a4201cebf',
      not_before: '2026-11-21T22:22:05Z',
      not_after: '2031-11-21T22:22:05Z',
      key_type: 'P-256',
      certificate_pem: exampleChainPem,
    },
  ],
  chain_url: '/api/v1/ca/chain',
};

export const auditPageExample: AuditPage = {
  items: [
    {
      id: 42,
      timestamp: '2026-11-21T22:23:05.120Z',
      service_id: 'veritas-backend',
      action: 'request',
      certificate_id: certificateId,
      client_ip: '192.0.2.17',
      client_cert_fingerprint: fingerprint,
      request_id: 'req-7f3a',
      status: 'success',
      details: { profile: 'service' },
      previous_hash: '2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae',
      hash: 'fcde2b2edba56bf408601fb721fe9b5c338d10ee429ea04fae5511b68fbf8fb9',
    },
  ],
  next_cursor: 'NDI',
};

export const readyExample: ReadyResource = {
  status: 'ready',
  checks: [
    { name: 'database', status: 'ok' },
    { name: 'signer', status: 'ok' },
    { name: 'crl', status: 'ok' },
  ],
};

import type {
  KekConsumerList,
  KekDelivery,
  KekGrantList,
  KekGrantResource,
  KekLog,
  KekResource,
  OpenKekBody,
  ReportKekBody,
} from './schemas/keks.ts';

/** Of a version 3 with X25519; its seed, like the ephemeral key below, is gone. */
const kekPem = [
  '-----BEGIN CERTIFICATE-----',
  'MIIBeTCCAR+gAwIBAgIJQOtGjogkX+hQMAoGCCqGSM49BAMCMBMxETAPBgNVBAMM',
  'CFNjZW5lIENBMB4XDTI2MTEyNzAwMDAwMFoXDTI2MTEyOTAwMDAwMFowEDEOMAwG',
  'A1UEAwwFc2NlbmUwKjAFBgMrZW4DIQBqI0RoG4abqilD090yAw2CsH3jh2hmXvF2',
  'gQD9iW4ZSqOBjTCBijAOBgNVHQ8BAf8EBAMCAwgwGAYDVR0lAQH/BA4wDAYKKwYB',
  'BAGB/VlQATAkBgNVHREEHTAbhhl1cm46dmNjOmtlazp0aGVtaXMtbWFpbjozMDgG',
  'CisGAQQBgf1ZUAIEKjAoAgEHAgEDGA8yMDI2MTEyNzAwMDAwMFoYDzIwMjYxMTI5',
  'MDAwMDAwWjAKBggqhkjOPQQDAgNIADBFAiAP2b0opmsq5QgYxfPXlluq8KN0th3G',
  'lpk7PkvgEYkVYwIhAJis+zjG3X19rTh6v7go9UJKQ5Jv31RyO7OV+kP57zla',
  '-----END CERTIFICATE-----',
  '',
].join('\n');

export const kekExample: KekResource = {
  id: 'kek_123',
  line: 'themis-main',
  line_id: 7,
  version: 3,
  kem: 'X25519',
  state: 'PRIMARY',
  compromised: false,
  revoked: false,
  epoch: 7,
  not_before_write: '2026-11-27T00:00:00Z',
  not_after_write: '2026-11-29T00:00:00Z',
  valid_until: '2026-11-29T00:00:00Z',
  created_at: '2026-11-28T00:00:00Z',
  state_changed_at: '2026-11-28T00:00:00Z',
  certificate_id: 'cert_pki_kek_20261128_5d0c1f9e7ab24c83d6e1',
  serial_number: '40eb468e88245fe850',
  cert: kekPem,
  grants: ['read', 'write'],
};

export const openKekExample: OpenKekBody = {
  request: [
    'eyJhbGciOiJFUzI1NiIsInR5cCI6InZjYy1rZWstZGVsaXZlcnkrandzIiwieDV0I1MyNTYiOiJmamZ0TW1aT0o3QnZHbkpMRzZ4',
    'RFFRNHBVRXlzVkswUWZ0aGdKRzBLTnI4In0.eyJrZWtfaWQiOiJrZWtfMTIzIiwia2VtIjoiWDI1NTE5IiwicGsiOiJMVmtyUzAx',
    'OGs2dmdyQ2FLZk52SHZNM2tnTEVsR2JmMWhkMnE2ZUcyZVJvIiwibm9uY2UiOiJyTDd5TV8xbEdabm1qYVdCS2ZCQmFMclZPUkp0',
    'cEdRaFRZYjN5VXNpSWw0IiwiaW5zdGFuY2UiOiJ0aGVtaXMtMCIsImlhdCI6MTc5NTgyNDAwMH0.HNs_SOwwiLc_rKAVcEB72fpJ',
    'Nj6SfJXkh7jThv18zQ9LWwU9FpGoDyf6IbNsnj3w1pL9HON7KmKaOdaVd5irew',
  ].join(''),
};

export const kekDeliveryExample: KekDelivery = {
  kem: 'X25519',
  enc: 'd1LcsA7lA102TzAnpJKgv1cGdqtV3K_TqtEyt_-4BGA',
  ciphertext: '50XaZoy2BfEUhqRIAu01TuXCxxlR3ztuelDnV7NDLhAjeRCrXUoQRhpGnY_XcCth',
  policy: {
    kek_id: 'kek_123',
    line: 'themis-main',
    line_id: 7,
    version: 3,
    state: 'PRIMARY',
    compromised: false,
    epoch: 7,
    not_before_write: '2026-11-27T00:00:00Z',
    not_after_write: '2026-11-29T00:00:00Z',
    grants: ['read', 'write'],
    issued_at: '2026-11-28T00:00:00Z',
  },
  certificate_pem: kekPem,
  chain_pem: '',
};

export const kekGrantExample: KekGrantResource = { service_id: 'themis', grants: ['read', 'write'], source: 'api' };

export const kekGrantsExample: KekGrantList = {
  line: 'themis-main',
  items: [kekGrantExample, { service_id: 'veritas-backend', grants: ['seal'], source: 'whitelist' }],
};

export const reportKekExample: ReportKekBody = {
  instance: 'themis-0',
  epoch: 7,
  poll_interval_seconds: 60,
  scan: { records: [{ version: 2, records: 0 }] },
};

export const kekConsumersExample: KekConsumerList = {
  line: 'themis-main',
  epoch: 7,
  consumers: [
    {
      service_id: 'themis',
      instance: 'themis-0',
      acknowledged_epoch: 7,
      live: true,
      last_seen: '2026-11-28T00:00:00Z',
    },
  ],
  holders: [{ service_id: 'themis', version: 2, could_write: true, records: 0, clean_scans: 1 }],
};

export const kekLogExample: KekLog = {
  line: 'themis-main',
  epoch: 7,
  items: [
    {
      epoch: 7,
      id: 'kek_123',
      version: 3,
      from: 'PENDING',
      to: 'PRIMARY',
      cause: 'promote',
      forced: false,
      at: '2026-11-28T00:00:00Z',
    },
  ],
};

import type { KekGroupDelivery, KekGroupResource, OpenKekGroupBody } from './schemas/kek-groups.ts';

/** Its key, like those below, is gone. */
const keyId = 'acbdc3e9861d550db734c40db07de1ef';

export const kekGroupExample: KekGroupResource = {
  line: 'themis-main',
  line_id: 7,
  tenant: 'acme',
  group: 'doctors',
  mode: 'sealed',
  epoch: 2,
  epoch_started_at: '2026-11-28T00:00:00Z',
  key_id: keyId,
  created_at: '2026-11-27T00:00:00Z',
  members: ['themis', 'veritas-backend'],
};

export const openKekGroupExample: OpenKekGroupBody = {
  epoch: 2,
  request: [
    'eyJhbGciOiJFUzI1NiIsInR5cCI6InZjYy1ncm91cC1kZWxpdmVyeStqd3MiLCJ4NXQjUzI1NiI6ImNTdTVuWC14cVFHWjdLTTVS',
    'LVc5cENfTk9XdFA3dXVNQVFUR3doV2p1VkUifQ.eyJsaW5lIjoidGhlbWlzLW1haW4iLCJ0ZW5hbnQiOiJhY21lIiwiZ3JvdXAiO',
    'iJkb2N0b3JzIiwiZXBvY2giOjIsImtlbSI6IlgyNTUxOSIsInBrIjoiRGFjOV9PMXloZWtpb2FGdHVtb3FGSG45RW9yLUR3OEVXe',
    'ng2Nk5UZzlrWSIsIm5vbmNlIjoiMFNJMkpuVVhleDRIeDlmemVtT0l2Y2RFT2xGYXZWd0RkclI2MEVIY2lMMCIsImluc3RhbmNlI',
    'joidGhlbWlzLTAiLCJpYXQiOjE3OTU4MjQwMDB9.rEfdxAmGRf00CgSXJcA2uxRlbE99hevzxJS6WPY_YbRrQQ67f8yp7v2cX6NL',
    'J9HRt80h1Ut5ANxlZ8tnh0vANw',
  ].join(''),
};

const signerPem = [
  '-----BEGIN CERTIFICATE-----',
  'MIIBMDCB16ADAgECAglADSFcK1BfqYgwCgYIKoZIzj0EAwIwEzERMA8GA1UEAwwI',
  'U2NlbmUgQ0EwHhcNMjYxMTI3MDAwMDAwWhcNMjYxMTI5MDAwMDAwWjAQMQ4wDAYD',
  'VQQDDAVzY2VuZTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABL0RHRhFIVieUVrq',
  'q4nAhrrY8sFOtpKwQgorV7ZfnShcRnW62fenk7wxdwne/qFkSPoJkxUTOKO5MYRK',
  '0DY+dUajFzAVMBMGA1UdJQQMMAoGCCsGAQUFBwMCMAoGCCqGSM49BAMCA0gAMEUC',
  'IQCyFVLpcDNwpeddAEZc1P+Oz2ZSMTqFu4wiJ6g3xVYYhQIgf5rAFJ2hLPDvQqHQ',
  '3XM8Hn2sL3YzXbFnOiLEy3KLNxE=',
  '-----END CERTIFICATE-----',
  '',
].join('\n');

export const kekGroupDeliveryExample: KekGroupDelivery = {
  kem: 'X25519',
  enc: 'KlYdRVsW0MjchiNmROHRs0GJvdA5wiQxAr6qvyN4hnk',
  ciphertext: 'mr6bRk3W9Tu5Z9JAKcsyA8K2oi_ugZkwMldexbH5J0312iXfQhJ7xne4eMJPuSJf',
  policy: {
    line: 'themis-main',
    line_id: 7,
    tenant: 'acme',
    group: 'doctors',
    epoch: 2,
    current_epoch: 2,
    key_id: keyId,
    issued_at: '2026-11-28T00:00:00Z',
  },
  signature: 'MEUCIFb630771BTv8F5DZxKQ31Fva1WeJpb8iNScSskNUegzAiEA8NT1ZITIWClLboa6Szb9wi4JwayWz1Uaatfi6-1hPzk',
  signer_pem: signerPem,
  chain_pem: '',
};

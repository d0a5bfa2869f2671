import type { RenewalPage, ReportServedBody, ServedResource } from './schemas/rotation.ts';

const newest = 'cert_veritas_backend_20271102_6a51b09c27e8d4f3051e';
const before = 'cert_veritas_backend_20261121_5d0c1f9e7ab24c83d6e1';
const endpoint = 'https://veritas-backend.vcc.local:8443';
const served_fingerprint = '709fb1d17ab8930fa262c56a2cda07d2fcf810b07ba76acfdda0cea112ee95f4';

export const renewalPageExample: RenewalPage = {
  items: [
    {
      certificate_id: before,
      service_id: 'veritas-backend',
      state: 'overdue',
      renewal_window: { start: '2027-11-02T03:46:55Z', end: '2027-11-02T13:22:56Z' },
      not_after: '2027-11-21T22:22:05Z',
      stage: 'overdue',
      reminders: 2,
      last_check: '2027-11-02T14:23:00Z',
    },
  ],
  next_cursor: null,
};

export const reportServedExample: ReportServedBody = { endpoints: [{ endpoint, served_fingerprint }] };

export const servedExample: ServedResource = {
  service_id: 'veritas-backend',
  endpoints: [
    {
      endpoint,
      served_fingerprint,
      certificate_id: newest,
      is_newest: true,
      checked_at: '2027-11-02T08:15:31Z',
      reported_at: '2027-11-02T08:15:31Z',
    },
  ],
  proven: true,
  unproven: [],
};

import type { ConfigFileValues } from './schemas/index.ts';

type Operations = ConfigFileValues['service_whitelist.yaml']['services'][number]['allowed_operations'];

const all: Operations = ['request', 'renew', 'revoke', 'download'];

/** The services of the mission text, with the address its example request asks for. */
export const defaultWhitelist: ConfigFileValues['service_whitelist.yaml'] = {
  services: [
    {
      service_id: 'veritas-backend',
      max_certificates: 3,
      allowed_operations: all,
      allowed_ips: ['127.0.0.0/8', '::1/128', '192.168.178.94'],
    },
    { service_id: 'veritas-frontend', max_certificates: 3, allowed_operations: all },
    { service_id: 'covina-backend', max_certificates: 3, allowed_operations: all },
    { service_id: 'covina-ingestion', max_certificates: 5, allowed_operations: all },
    { service_id: 'vpb-backend', max_certificates: 3, allowed_operations: all },
    { service_id: 'clara-backend', max_certificates: 3, allowed_operations: all },
    { service_id: 'monitoring-service', max_certificates: 1, allowed_operations: ['request', 'renew', 'download'] },
    { service_id: 'admin-cli', max_certificates: 1, allowed_operations: [...all, 'admin'] },
  ],
  patterns: [{ pattern: 'test-*', max_certificates: 1, allowed_operations: ['request', 'renew', 'revoke'] }],
};

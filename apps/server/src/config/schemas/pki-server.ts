import { Type } from 'typebox';
import { isDnsPattern, isIpPattern } from '../../policy/index.ts';
import { choice, filePath, integer, section, text } from '../setting.ts';

const portNumber = { minimum: 1, maximum: 65_535 };
const address = { pattern: '^[0-9A-Za-z.:-]{1,253}$', expects: 'an IP address or host name of this machine' };
/** What the policy takes as a name and not as a pattern: the server's own certificate is issued like all others. */
const dnsName = Type.Refine(
  Type.String({ expects: 'a DNS name in lower case' }),
  (value) => !/[*{]/.test(value) && isDnsPattern(value),
);
const ipAddress = Type.Refine(
  Type.String({ expects: 'an IP address' }),
  (value) => !value.includes('/') && isIpPattern(value),
);

export const pkiServer = section(
  {
    host: text({ description: 'Address on which the API (https, mTLS) listens.', default: '0.0.0.0', ...address }),
    port: integer({ description: 'Port of the API.', default: 8443, ...portNumber }),
    public_host: text({
      description: 'Address on which the public listener (http: CRLs, CA certificates, health) listens.',
      default: '0.0.0.0',
      ...address,
    }),
    public_port: integer({ description: 'Port of the public listener.', default: 8080, ...portNumber }),
    public_url: Type.Optional(
      Type.String({
        description:
          'Base URL of the public listener as relying parties reach it, written into every certificate; when left out, http with the first of dns_names and public_port.',
        pattern: '^http://[0-9A-Za-z.:\\[\\]-]+(/[0-9A-Za-z._~-]+)*$',
        maxLength: 512,
        expects: 'an http URL without / at its end; https would be a circle (RFC 5280 s8)',
        examples: ['http://pki.vcc.local:8080'],
      }),
    ),
    ssl_enabled: Type.Literal(true, {
      description: 'The API is never served without TLS.',
      default: true,
    }),
    ssl_cert: filePath({
      description: "The server's own certificate and chain (PEM), made and renewed by the server.",
      default: './server/pki_server_cert.pem',
    }),
    ssl_key: filePath({
      description: 'The key of ssl_cert (PEM, mode 0600), made and renewed by the server.',
      default: './server/pki_server_key.pem',
    }),
    database: text({
      description: 'SQLite file, or URL of a PostgreSQL database.',
      default: './database/pki_server.db',
      pattern: '^(postgres(ql)?://[^\\s]+|(?![A-Za-z][A-Za-z0-9+.-]+://)[^\\u0000\\r\\n]{1,4096})$',
      expects: 'a path, relative to the PKI directory, or a postgres:// URL',
    }),
    metrics_port: Type.Optional(
      Type.Integer({
        description: 'Port on 127.0.0.1 that serves /metrics without a certificate; off when left out.',
        examples: [9090],
        ...portNumber,
      }),
    ),
    log_level: choice(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
      description: 'Least severe kind of message that is logged.',
      default: 'info',
    }),
    max_body_bytes: integer({
      description: 'Largest request body that is read.',
      default: 131_072,
      minimum: 4096,
      maximum: 1_048_576,
    }),
    request_timeout_seconds: integer({
      description: 'Time in which a request must have arrived and been answered.',
      default: 30,
      minimum: 1,
      maximum: 600,
    }),
    dns_names: Type.Array(dnsName, {
      description: "DNS names in the server's own certificate: those that clients connect to.",
      default: ['localhost'],
      minItems: 1,
      maxItems: 100,
      uniqueItems: true,
    }),
    ip_addresses: Type.Array(ipAddress, {
      description: "IP addresses in the server's own certificate: those that clients connect to.",
      default: ['127.0.0.1', '::1'],
      maxItems: 100,
      uniqueItems: true,
    }),
    trust_domain: text({
      description:
        'Trust domain of the SPIFFE ID that every service certificate carries: spiffe://<trust_domain>/<service_id>.',
      default: 'vcc.local',
      // SPIFFE-ID s2.1.
      pattern: '^[a-z0-9._-]{1,255}$',
      expects: 'lower-case letters, digits, ".", "-" and "_"',
    }),
  },
  'The two listeners of the server, and what it stands on.',
);

import { Type } from 'typebox';
import {
  isDnsPattern,
  isIpPattern,
  isServiceId,
  isServicePattern,
  isUriPattern,
  kekGrants,
  operations,
} from '../../policy/index.ts';
import { section } from '../setting.ts';
import { certifiableKeyTypes, days } from './service-certificates.ts';

/** A text that a function judges, and how to say what it wants. */
function judged(
  isGood: (value: string) => boolean,
  options: { expects: string; description?: string; examples?: string[] },
) {
  return Type.Refine(Type.String(options), isGood);
}

function listOf(item: ReturnType<typeof judged>, options: { description: string; examples: string[][] }) {
  return Type.Optional(Type.Array(item, { maxItems: 1000, uniqueItems: true, ...options }));
}

/** What every entry can say, be it of one service or of a pattern. */
const rule = {
  max_certificates: Type.Optional(
    Type.Integer({
      description: 'Unexpired, unrevoked certificates at the same time; when left out, max_certificates_per_service.',
      minimum: 1,
      maximum: 100_000,
      examples: [3],
    }),
  ),
  allowed_operations: Type.Array(Type.Enum([...operations]), {
    description: 'What the service may do; admin may act for all services.',
    maxItems: operations.length,
    uniqueItems: true,
    examples: [['request', 'renew', 'revoke', 'download']],
  }),
  allowed_dns: listOf(
    judged(isDnsPattern, {
      expects: 'a DNS name in lower case, *.suffix for one label before it, {service_id} for the id',
    }),
    {
      description: 'DNS names the service may hold; when left out, {service_id}, {service_id}.vcc.local and localhost.',
      examples: [['{service_id}.vcc.local', '*.shards.vcc.local']],
    },
  ),
  allowed_ips: listOf(judged(isIpPattern, { expects: 'an IP address, or a network such as 10.1.0.0/16' }), {
    description: 'Addresses the service may hold; when left out, 127.0.0.0/8 and ::1.',
    examples: [['127.0.0.0/8', '192.168.178.94']],
  }),
  allowed_uris: listOf(
    judged(isUriPattern, { expects: 'a URI, or the start of one up to /*; its SPIFFE ID each service has anyway' }),
    {
      description: 'URIs the service may hold beside its own SPIFFE ID; when left out, none.',
      examples: [['https://{service_id}.vcc.local/api/*']],
    },
  ),
  max_validity_days: Type.Optional(
    Type.Integer({
      description: 'Longest validity the service may ask for; when left out, max_validity_days of pki_config.yaml.',
      ...days,
      examples: [90],
    }),
  ),
  rate_limit_certs_per_hour: Type.Optional(
    Type.Integer({
      description: 'Certificates an hour; when left out, rate_limit_certs_per_hour of pki_config.yaml.',
      minimum: 1,
      maximum: 1_000_000,
      examples: [10],
    }),
  ),
  keks: Type.Optional(
    Type.Record(
      Type.String({ pattern: '^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$' }),
      Type.Array(Type.Enum([...kekGrants]), { minItems: 1, maxItems: kekGrants.length, uniqueItems: true }),
      {
        description: 'Lines of key-encryption keys that the service may use, and how; more can be granted by the API.',
        expects: 'names of lines, each with a list of read, write, seal',
        maxProperties: 1000,
        additionalProperties: false,
        examples: [{ 'themis-main': ['read', 'write'] }],
      },
    ),
  ),
  key_types: Type.Optional(
    Type.Array(Type.Enum([...certifiableKeyTypes]), {
      description: 'Kinds of keys the service may use; when left out, allowed_key_types of pki_config.yaml.',
      minItems: 1,
      maxItems: certifiableKeyTypes.length,
      uniqueItems: true,
      examples: [['P-256', 'P-384']],
    }),
  ),
};

/** Thousands of services are a large installation; each costs a kilobyte of memory. */
const maxEntries = 10_000;

export const services = Type.Array(
  section({
    service_id: judged(isServiceId, {
      description: 'Id of the service.',
      expects: '1 to 63 lower-case letters, digits and hyphens, no hyphen at either end',
      examples: ['veritas-backend'],
    }),
    ...rule,
  }),
  { description: 'Services that may hold certificates.', default: [], maxItems: maxEntries },
);

export const patterns = Type.Array(
  section({
    pattern: judged(isServicePattern, {
      description: 'Pattern of ids; the first that fits a service without an entry of its own counts.',
      expects: '1 to 63 lower-case letters, digits and hyphens, and * for any run of them',
      examples: ['test-*'],
    }),
    ...rule,
  }),
  { description: 'Services by the form of their id.', default: [], maxItems: maxEntries },
);

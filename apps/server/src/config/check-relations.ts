import type { Finding } from './config-error.ts';
import type { ConfigFileValues } from './schemas/index.ts';
import type { RotationValues } from './settle-rotation.ts';
import type { KeyPath, YamlSource } from './yaml-source.ts';

type General = ConfigFileValues['pki_config.yaml'];
type Whitelist = ConfigFileValues['service_whitelist.yaml'];

interface Relation {
  readonly holds: boolean;
  readonly path: KeyPath;
  readonly message: string;
}

/** Checks what no value shows alone: limits that contradict each other, places used twice. */
export function checkGeneral(config: General, rotation: RotationValues, source: YamlSource): Finding[] {
  return failures(source, [
    ...listenerRelations(config),
    ...lifetimeRelations(config, rotation),
    ...limitRelations(config),
    ...enrolmentRelations(config),
  ]);
}

function enrolmentRelations({ enrolment }: General): Relation[] {
  return [
    {
      holds: enrolment.token_ttl_minutes <= enrolment.token_max_ttl_hours * 60,
      path: ['enrolment', 'token_ttl_minutes'],
      message: `is longer than token_max_ttl_hours (${enrolment.token_max_ttl_hours}) allows`,
    },
  ];
}

function listenerRelations({ pki_server: server }: General): Relation[] {
  const { port, public_port, metrics_port } = server;
  return [
    {
      // Two free ports (0) differ.
      holds: port !== public_port || port === 0,
      path: ['pki_server', 'public_port'],
      message: `is the port of the API, too (${port}); the listeners need two`,
    },
    {
      holds: metrics_port !== port && metrics_port !== public_port,
      path: ['pki_server', 'metrics_port'],
      message: `is the port of another listener, too (${metrics_port})`,
    },
  ];
}

function lifetimeRelations(config: General, rotation: RotationValues): Relation[] {
  const { root_ca, intermediate_ca, service_certificates: leaf } = config;
  const due = rotation.renew_before_expiry_days;
  return [
    {
      holds: intermediate_ca.validity_years <= root_ca.validity_years,
      path: ['intermediate_ca', 'validity_years'],
      message: `is longer than root_ca.validity_years (${root_ca.validity_years}); no certificate outlives its issuer`,
    },
    {
      holds: intermediate_ca.renew_before_months < intermediate_ca.validity_years * 12,
      path: ['intermediate_ca', 'renew_before_months'],
      message: `is not less than validity_years (${intermediate_ca.validity_years}): the CA would always be due`,
    },
    {
      holds: leaf.max_validity_days <= intermediate_ca.validity_years * 365,
      path: ['service_certificates', 'max_validity_days'],
      message: `is longer than intermediate_ca.validity_years (${intermediate_ca.validity_years})`,
    },
    {
      holds: leaf.default_validity_days <= leaf.max_validity_days,
      path: ['service_certificates', 'default_validity_days'],
      message: `${leaf.default_validity_days} is longer than max_validity_days (${leaf.max_validity_days})`,
    },
    {
      holds: due < leaf.default_validity_days,
      path: ['service_certificates', 'default_validity_days'],
      message: `${leaf.default_validity_days} is not longer than renew_before_days (${due}): a new certificate would be due at once`,
    },
  ];
}

function limitRelations({ service_certificates: leaf, security, ocsp, registry }: General): Relation[] {
  return [
    {
      holds: registry.degraded_after_failures <= registry.down_after_failures,
      path: ['registry', 'down_after_failures'],
      message: `${registry.down_after_failures} is less than degraded_after_failures (${registry.degraded_after_failures})`,
    },
    {
      holds: leaf.allowed_key_types.includes(leaf.default_key_type),
      path: ['service_certificates', 'default_key_type'],
      message: `${leaf.default_key_type} is not among allowed_key_types`,
    },
    {
      holds: leaf.allowed_key_types.every((keyType) => rsaSize(keyType) >= leaf.default_key_size),
      path: ['service_certificates', 'default_key_size'],
      message: `allowed_key_types has RSA keys of less than ${leaf.default_key_size} bits`,
    },
    {
      holds: security.rate_limit_certs_per_hour <= security.global_rate_limit_certs_per_hour,
      path: ['security', 'rate_limit_certs_per_hour'],
      message: `${security.rate_limit_certs_per_hour} is more than global_rate_limit_certs_per_hour (${security.global_rate_limit_certs_per_hour})`,
    },
    {
      holds: security.crl_validity_hours > security.crl_update_interval_hours,
      path: ['security', 'crl_validity_hours'],
      message: `${security.crl_validity_hours} is not longer than crl_update_interval_hours (${security.crl_update_interval_hours}): the CRL would lapse before the next`,
    },
    {
      // Renewed before half of its life is over, it signs answers that end within the other half.
      holds: ocsp.validity_hours <= ocsp.responder_validity_days * 12,
      path: ['ocsp', 'validity_hours'],
      message: `${ocsp.validity_hours} is longer than half of responder_validity_days (${ocsp.responder_validity_days}): answers would outlive the certificate of their signer`,
    },
  ];
}

function rsaSize(keyType: string): number {
  return keyType.startsWith('RSA-') ? Number(keyType.slice('RSA-'.length)) : Number.POSITIVE_INFINITY;
}

/** Checks the entries against each other and against the limits of pki_config.yaml. */
export function checkWhitelist(whitelist: Whitelist, config: General, source: YamlSource): Finding[] {
  const { services, patterns } = whitelist;
  const ids = repeated(services.map(({ service_id }) => service_id));
  const texts = repeated(patterns.map(({ pattern }) => pattern));
  return failures(source, [
    ...ids.map((i) => ({ holds: false, path: ['services', i, 'service_id'], message: 'has an entry already' })),
    ...texts.map((i) => ({ holds: false, path: ['patterns', i, 'pattern'], message: 'has an entry already' })),
    ...services.flatMap((entry, i) => entryRelations(entry, config, ['services', i])),
    ...patterns.flatMap((entry, i) => entryRelations(entry, config, ['patterns', i])),
  ]);
}

function entryRelations(
  entry: Pick<Whitelist['services'][number], 'max_validity_days' | 'rate_limit_certs_per_hour' | 'key_types'>,
  { service_certificates: leaf, security }: General,
  path: KeyPath,
): Relation[] {
  const { max_validity_days: days = 0, rate_limit_certs_per_hour: rate = 0, key_types: keyTypes = [] } = entry;
  const foreign = keyTypes.filter((keyType) => !leaf.allowed_key_types.includes(keyType));
  return [
    {
      holds: days <= leaf.max_validity_days,
      path: [...path, 'max_validity_days'],
      message: `${days} is longer than service_certificates.max_validity_days (${leaf.max_validity_days})`,
    },
    {
      holds: rate <= security.global_rate_limit_certs_per_hour,
      path: [...path, 'rate_limit_certs_per_hour'],
      message: `${rate} is more than security.global_rate_limit_certs_per_hour (${security.global_rate_limit_certs_per_hour})`,
    },
    {
      holds: foreign.length === 0,
      path: [...path, 'key_types'],
      message: `${foreign.join(', ')} is not among service_certificates.allowed_key_types`,
    },
  ];
}

/** Positions of the texts that stand further ahead already. */
function repeated(texts: readonly string[]): number[] {
  const seen = new Set<string>();
  return texts.flatMap((text, i) => {
    const again = seen.has(text);
    seen.add(text);
    return again ? [i] : [];
  });
}

function failures(source: YamlSource, relations: readonly Relation[]): Finding[] {
  return relations.filter(({ holds }) => !holds).map(({ path, message }) => source.finding('conflict', path, message));
}

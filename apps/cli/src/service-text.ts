import type { ServiceResource, ServiceStatus } from '@vcc-pki/api';
import type { CliContext } from './context.ts';
import { factsText, type Style, styled, tableText } from './output.ts';

const styleOf: Readonly<Record<ServiceStatus, Style>> = {
  active: 'green',
  degraded: 'yellow',
  down: 'red',
  retired: 'dim',
};

/** The state of a service, in its colour. */
export function statusText(status: ServiceStatus, context: CliContext): string {
  return styled(context, styleOf[status], status);
}

/** An entry of the registry for people. */
export function serviceText(service: ServiceResource, context: CliContext): string {
  return factsText([
    ['service', service.service_id],
    ['name', service.service_name],
    ['type', service.service_type ?? undefined],
    ['status', `${statusText(service.status, context)} since ${service.status_since}`],
    ['endpoints', service.endpoints.join(', ')],
    ['health check', service.health_check_url ?? undefined],
    ['certificate', service.certificate_id ?? 'none'],
    ['expires', service.certificate_expiry ?? undefined],
    ['renews itself', service.auto_renew ? 'yes' : 'no'],
    ['last seen', service.last_seen ?? 'never'],
    ['revision', String(service.revision)],
  ]);
}

/** Entries under each other. */
export function servicesTable(services: readonly ServiceResource[], context: CliContext): string {
  return tableText(
    ['service', 'type', 'status', 'last seen', 'certificate expires', 'endpoints'],
    services.map((service) => [
      service.service_id,
      service.service_type ?? '',
      statusText(service.status, context),
      service.last_seen ?? 'never',
      service.certificate_expiry ?? 'none',
      service.endpoints.join(' '),
    ]),
    'no services',
  );
}

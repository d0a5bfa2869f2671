import type {
  DiscoveredCertificate,
  DiscoveredService,
  DiscoveryPage,
  RegisterServiceBody,
  ServiceResource,
} from '@vcc-pki/api';
import { LRUCache } from 'lru-cache';
import type { ApiConnection, CallOptions } from '../api/api-connection.ts';

/** What a service says about itself; it is the whole entry: what is left out is empty. */
export interface ServiceRegistration {
  /** For people. */
  readonly serviceName: string;
  /** By which others find it: `backend`. */
  readonly serviceType?: string;
  /** https URLs. */
  readonly endpoints?: readonly string[];
  /** What the PKI server calls over mTLS to see whether the service works. */
  readonly healthCheckUrl?: string;
  /** Default true. */
  readonly autoRenew?: boolean;
}

/** Which services are looked for. */
export type DiscoveryQuery = { readonly serviceId: string } | { readonly type: string };

/** Answers that are kept to be asked for by their ETag. */
const keptAnswers = 500;

/** Registers this service, and finds others; an answer that has not changed is not sent again. */
export class ServiceRegistry {
  readonly #connection: () => ApiConnection;
  readonly #answers = new LRUCache<string, { readonly etag: string; readonly value: object }>({ max: keptAnswers });

  constructor(connection: () => ApiConnection) {
    this.#connection = connection;
  }

  async register(serviceId: string, registration: ServiceRegistration): Promise<ServiceResource> {
    const { serviceName, serviceType, endpoints, healthCheckUrl, autoRenew } = registration;
    const body: RegisterServiceBody = {
      service_id: serviceId,
      service_name: serviceName,
      ...(serviceType !== undefined && { service_type: serviceType }),
      ...(endpoints && { endpoints: [...endpoints] }),
      ...(healthCheckUrl !== undefined && { health_check_url: healthCheckUrl }),
      ...(autoRenew !== undefined && { auto_renew: autoRenew }),
    };
    // The same again changes nothing, so it may be repeated like a PUT.
    return this.#connection().call('registerService', { body: JSON.stringify(body), isRepeatable: true });
  }

  /** Services that are not retired. @throws ServerRefusal `notFound` for a service that is not registered */
  async discover(query: DiscoveryQuery): Promise<DiscoveredService[]> {
    const found: DiscoveredService[] = [];
    let cursor: string | undefined;
    do {
      const page: DiscoveryPage =
        'serviceId' in query
          ? await this.#ask('discoverService', { params: { id: query.serviceId }, query: { cursor } })
          : await this.#ask('discoverServices', { query: { type: query.type, cursor } });
      found.push(...page.items);
      cursor = page.next_cursor ?? undefined;
    } while (cursor !== undefined);
    return found;
  }

  certificateOf(serviceId: string): Promise<DiscoveredCertificate> {
    return this.#ask('discoverCertificate', { params: { id: serviceId } });
  }

  async #ask<Answer extends object>(
    operation: 'discoverService' | 'discoverServices' | 'discoverCertificate',
    options: Pick<CallOptions, 'params' | 'query'>,
  ): Promise<Answer> {
    const key = JSON.stringify([operation, options]);
    const known = this.#answers.get(key);
    const { statusCode, headers, bytes } = await this.#connection().exchange(operation, {
      ...options,
      accept: 'application/json',
      headers: known === undefined ? {} : { 'if-none-match': known.etag },
    });
    if (statusCode === 304 && known !== undefined) return known.value as Answer;
    const value = JSON.parse(new TextDecoder().decode(bytes)) as Answer;
    const { etag } = headers;
    if (typeof etag === 'string') this.#answers.set(key, { etag, value });
    return value;
  }
}

import { PkiError } from '@vcc-pki/api/without-schemas';
import type { ApiConnection } from '@vcc-pki/client/keeper';
import type { Endpoint } from '../config/agent-config.ts';
import type { EndpointProof } from './prove.ts';

/** What the agent asks of the registry, as the service whose certificate it is. */
export interface Registry {
  /** The https endpoints that are registered for the service; none when it is not registered. @throws as the client library */
  findEndpoints(): Promise<readonly Endpoint[]>;
  /** Tells which certificates endpoints serve. @throws as the client library */
  reportServed(proofs: readonly EndpointProof[]): Promise<void>;
}

/** The registry over the connection of a certificate's keeper. */
export function registryOver(connection: ApiConnection, serviceId: string): Registry {
  return {
    findEndpoints: async () => {
      try {
        const params = { service_id: serviceId };
        const { endpoints } = await connection.call<{ endpoints: readonly string[] }>('getService', { params });
        return endpoints.flatMap(parseEndpoint);
      } catch (error) {
        if (isNotFound(error)) return [];
        throw error;
      }
    },
    reportServed: async (proofs) => {
      const endpoints = proofs.map(({ endpoint, servedFingerprint, at }) => ({
        endpoint,
        served_fingerprint: servedFingerprint,
        checked_at: new Date(at).toISOString(),
      }));
      await connection.call('reportServed', { params: { id: serviceId }, body: JSON.stringify({ endpoints }) });
    },
  };
}

function isNotFound(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return [error, cause].some((one) => one instanceof PkiError && one.code === 'notFound');
}

/** What is registered and is no https URL is not ours to look at. */
function parseEndpoint(text: string): Endpoint[] {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'https:') return [];
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  return [{ host, port: url.port === '' ? 443 : Number(url.port), serverName: undefined, protocol: 'tls' }];
}

import type { ApiConnection } from '@vcc-pki/client';
import type { EndpointProof } from './prove.ts';

/** What the agent asks of the registry, as the service whose certificate it is. */
export interface Registry {
  /** Tells which certificates endpoints serve. @throws as the client library */
  reportServed(proofs: readonly EndpointProof[]): Promise<void>;
}

/** The registry over the connection of a certificate's keeper. */
export function registryOver(connection: ApiConnection, serviceId: string): Registry {
  return {
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

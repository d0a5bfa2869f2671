import { openApiDocument, PkiError, type ReadinessCheck } from '@vcc-pki/api';
import type { Clock } from '../../clock.ts';
import type { Metrics } from '../../metrics.ts';
import type { Handlers } from '../call.ts';
import { wireTime } from './certificate-resource.ts';

export interface ServerRouteDeps {
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly version: string;
  /** Base URL of the API listener. */
  readonly apiUrl: string;
  /** Asks every part; a check that fails says why. */
  readonly readiness: () => Promise<readonly ReadinessCheck[]>;
  /** Brings gauges that are kept elsewhere up to date before they are read. */
  readonly refreshMetrics: () => Promise<void>;
}

type Ids = 'getHealth' | 'getReady' | 'getMetrics' | 'getOpenApi';

/** What operators and their tools ask the server about itself. */
export function serverHandlers(deps: ServerRouteDeps): Handlers<Ids> {
  const document = openApiDocument({ serverUrl: deps.apiUrl, version: deps.version });
  return {
    getHealth: () => ({ status: 'ok', version: deps.version, time: wireTime(deps.clock.now()) }),

    getReady: async () => {
      const checks = await deps.readiness();
      const failed = checks.filter((check) => check.status === 'failed').map((check) => check.name);
      if (failed.length > 0) throw new PkiError('notReady', `not ready: ${failed.join(', ')}`, { checks });
      return { status: 'ready', checks: [...checks] };
    },

    getMetrics: async ({ reply }) => {
      await deps.refreshMetrics();
      reply.type(deps.metrics.registry.contentType);
      return deps.metrics.registry.metrics();
    },

    getOpenApi: ({ reply }) => {
      reply.type('application/json');
      return document;
    },
  };
}

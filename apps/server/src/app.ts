import fastifySwagger from '@fastify/swagger';
import fastifySwaggerUi from '@fastify/swagger-ui';
import { type Listener, openApiDocument } from '@vcc-pki/api';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { EnrolmentDeps } from './enrolment/deps.ts';
import { createListener, type ServerTls } from './http/create-listener.ts';
import { type RouteHandlers, registerRoutes } from './http/register-routes.ts';
import { auditHandlers } from './http/routes/audit.ts';
import { caHandlers } from './http/routes/ca.ts';
import { certificateHandlers } from './http/routes/certificates.ts';
import { discoveryHandlers } from './http/routes/discovery.ts';
import { downloadHandlers } from './http/routes/download.ts';
import { enrolmentHandlers } from './http/routes/enrolment.ts';
import { type EventRouteDeps, eventHandlers } from './http/routes/events.ts';
import { kekGroupHandlers } from './http/routes/kek-groups.ts';
import { type KekRouteDeps, kekHandlers } from './http/routes/keks.ts';
import { registerOcsp } from './http/routes/ocsp.ts';
import { revocationHandlers } from './http/routes/revocation.ts';
import { rotationHandlers } from './http/routes/rotation.ts';
import { type ServerRouteDeps, serverHandlers } from './http/routes/server.ts';
import { serviceHandlers } from './http/routes/services.ts';
import { snapshotHandlers } from './http/routes/snapshots.ts';
import { type WebhookRouteDeps, webhookHandlers } from './http/routes/webhooks.ts';
import type { OcspResponder } from './ocsp/ocsp-responder.ts';
import { isOcspUrl, ocspPath } from './ocsp/ocsp-url.ts';
import type { RegistryDeps } from './registry/registry.ts';
import type { CrlPublisher } from './revocation/crl-publisher.ts';
import type { RevocationDeps } from './revocation/revoke.ts';
import type { SnapshotPublisher } from './revocation/snapshot-publisher.ts';
import { revokeKekCertificate } from './revoke-kek-certificate.ts';

/** Everything the server works with: handed in, nothing is looked up. */
export interface AppOptions
  extends EnrolmentDeps,
    ServerRouteDeps,
    EventRouteDeps,
    RegistryDeps,
    WebhookRouteDeps,
    Pick<KekRouteDeps, 'keks'> {
  /** As the gate has it. */
  readonly noteSeen: (serviceId: string) => void;
  readonly publisher: CrlPublisher;
  readonly snapshots: SnapshotPublisher;
  /** `undefined` while OCSP is switched off. */
  readonly ocsp: OcspResponder | undefined;
  readonly log: FastifyBaseLogger;
  readonly tls: ServerTls;
  readonly maxBodyBytes: number;
  readonly requestTimeoutMs: number;
}

/** The listeners of decisions.md: `api` is mTLS and default deny, `public` is plain HTTP for CRLs and CA certificates. */
export interface App {
  readonly api: FastifyInstance;
  readonly public: FastifyInstance;
  /** Plain HTTP for `/metrics` alone; to be put on loopback, and only where it is configured. */
  readonly metrics: FastifyInstance;
}

/** Builds the listeners, ready to listen. */
export async function buildApp(options: AppOptions): Promise<App> {
  const revocation: RevocationDeps = {
    ...options,
    onRevoked: (certificate) => {
      options.ocsp?.forget(certificate);
      // The readers of the feed hear of it before the watch comes by.
      void options.snapshots.look();
    },
  };
  const handlers: RouteHandlers = {
    ...certificateHandlers(options),
    ...enrolmentHandlers(options),
    ...downloadHandlers(options),
    ...revocationHandlers({ ...options, ...revocation }),
    ...kekHandlers({ ...options, revokeKek: revokeKekCertificate(revocation) }),
    ...kekGroupHandlers(options),
    ...caHandlers(options),
    ...auditHandlers(options),
    ...serviceHandlers(options),
    ...discoveryHandlers(options),
    ...eventHandlers(options),
    ...snapshotHandlers(options),
    ...rotationHandlers(options),
    ...webhookHandlers(options),
    ...serverHandlers(options),
  };
  const listen = (listener: Listener): FastifyInstance => {
    const rewriteUrl = listener === 'public' && options.ocsp !== undefined ? routeOf : undefined;
    const app = createListener({ ...options, rewriteUrl, tls: listener === 'api' ? options.tls : undefined });
    registerRoutes(app, { listener, handlers, gate: options });
    return app;
  };
  const app: App = { api: listen('api'), public: listen('public'), metrics: metricsListener(options) };
  if (options.ocsp !== undefined) registerOcsp(app.public, { responder: options.ocsp, clock: options.clock });
  await addDocumentationPage(app.api, options);
  return app;
}

/** A request in an OCSP URL is base64, with slashes that are none of the path's: the router sees the path before it. */
function routeOf(url: string): string {
  return isOcspUrl(url) ? ocspPath : url;
}

function metricsListener(options: AppOptions): FastifyInstance {
  const app = createListener({ ...options, tls: undefined });
  app.get('/metrics', async (_request, reply) => {
    await options.refreshMetrics();
    reply.type(options.metrics.registry.contentType);
    return options.metrics.registry.metrics();
  });
  return app;
}

/** The readable page of the OpenAPI document (route getDocs); everything it needs comes from here. */
async function addDocumentationPage(api: FastifyInstance, { apiUrl, version }: AppOptions): Promise<void> {
  const document = openApiDocument({ serverUrl: apiUrl, version });
  await api.register(fastifySwagger, { mode: 'static', specification: { document: document as never } });
  await api.register(fastifySwaggerUi, { routePrefix: '/api/v1/docs', staticCSP: true });
}

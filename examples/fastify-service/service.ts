import { PKIClient } from '@vcc-pki/client';
import Fastify from 'fastify';

/**
 * A service on Fastify that asks another one: `VCC_PKI_TOKEN=vcc1.… node service.ts` the first time. It finds
 * covina-backend in the registry, and speaks to covina-backend or to nobody.
 */
const pki = new PKIClient({
  serviceId: 'veritas-backend',
  folder: process.env['CERT_FOLDER'] ?? './certs/veritas-backend',
  enrolmentToken: process.env['VCC_PKI_TOKEN'],
});
await pki.ensureCertificate();
pki.enableAutoRenewal({ renewBeforeDays: 30 });

const app = Fastify({ https: pki.serverTlsOptions() });
for (const event of ['renewalFailed', 'enrolmentNeeded', 'revocationStale', 'peerRefused'] as const) {
  pki.on(event, (what: unknown) => app.log.warn({ what }, event));
}
const covina = pki.createTlsContextForService('covina-backend');

app.get('/health', () => ({ status: 'ok', certificate: pki.status.state }));

app.get('/report', async (request) => {
  const [found] = await pki.discover('covina-backend');
  const answer = await covina.fetch(`${found?.endpoints[0]}/data`);
  return { asked: pki.peerOf(request.raw)?.serviceId, covina: await answer.json() };
});

pki.attach(app.server);
const port = Number(process.env['PORT'] ?? 45678);
await app.listen({ port });
console.log(`listening on ${port}`);

await pki.registerService({
  serviceName: 'VERITAS Backend API',
  serviceType: 'backend',
  endpoints: [process.env['ENDPOINT'] ?? `https://veritas-backend.vcc.local:${port}`],
});

process.once('SIGTERM', () => void app.close().then(() => pki.close()));

import { createServer } from 'node:https';
import { PKIClient } from '@vcc-pki/client';

/**
 * A service on plain node:https: `VCC_PKI_TOKEN=vcc1.… node service.ts` the first time, `node service.ts` from then on.
 * It answers services of this PKI, and nobody else.
 */
const pki = new PKIClient({
  serviceId: 'covina-backend',
  folder: process.env['CERT_FOLDER'] ?? './certs/covina-backend',
  enrolmentToken: process.env['VCC_PKI_TOKEN'],
});
pki.on('renewed', ({ certificateId }) => console.log(`renewed: ${certificateId}`));
pki.on('renewalFailed', ({ error, nextAttemptAt }) => {
  console.warn(`not renewed yet, again at ${new Date(nextAttemptAt).toISOString()}: ${error.message}`);
});
pki.on('enrolmentNeeded', (reason) => console.error(`a new token is needed: ${reason.message}`));
pki.on('peerRefused', (error) => console.warn(`not let in: ${error.message}`));

await pki.ensureCertificate();
pki.enableAutoRenewal({ renewBeforeDays: 30 });

const server = createServer(pki.serverTlsOptions(), (request, response) => {
  response.setHeader('content-type', 'application/json');
  if (request.url === '/health') response.end(JSON.stringify({ status: 'ok' }));
  else response.end(JSON.stringify({ data: [1, 2, 3], for: pki.peerOf(request)?.serviceId }));
});
pki.attach(server);
const port = Number(process.env['PORT'] ?? 45679);
server.listen(port, () => console.log(`listening on ${port}`));

await pki.registerService({
  serviceName: 'COVINA Backend',
  serviceType: 'backend',
  endpoints: [process.env['ENDPOINT'] ?? `https://covina-backend.vcc.local:${port}`],
});

process.once('SIGTERM', () => {
  server.close();
  server.closeAllConnections();
  void pki.close();
});

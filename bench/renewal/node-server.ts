import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { PKIClient } from '@vcc-pki/client';

/** What the process is told, as JSON in its first argument. */
export interface NodeServerPlan {
  readonly pkiServerUrl: string;
  readonly serviceId: string;
  /** With a pair, its chain and the root. */
  readonly folder: string;
}

/** What it sends: where it listens, then the fingerprint of each new certificate. */
export type NodeServerNews = { readonly port: number } | { readonly renewed: string };

const plan = JSON.parse(process.argv[2] ?? '') as NodeServerPlan;
const client = new PKIClient(plan);
await client.ensureCertificate();
const server = createServer(client.serverTlsOptions({ clientCertificates: 'none' }), (_request, response) => {
  response.end('hello');
});
client.attach(server);
server.listen(0, '127.0.0.1', () => tell({ port: (server.address() as AddressInfo).port }));
process.on('message', () => {
  void client.renew().then(({ fingerprintSha256 }) => tell({ renewed: fingerprintSha256 }));
});

function tell(news: NodeServerNews): void {
  process.send?.(news);
}

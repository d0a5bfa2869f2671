import { join } from 'node:path';
import { PKIClient, type PKIClientOptions } from '@vcc-pki/client';
import type { Lifetime } from '../../support/lifetime.ts';
import type { RunningPki } from '../../support/running-pki.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

/** A one-time token for a service. */
export async function tokenFor(pki: RunningPki, service: string): Promise<string> {
  const answer = await pki.call('POST', '/api/v1/tokens', { body: { service_name: service } });
  if (answer.status !== 201) throw new Error(`no token for ${service}: ${answer.text}`);
  return (answer.json() as { token: string }).token;
}

/** A client of a service that has enrolled with a token, in a folder of its own. */
export async function enrolledClient(
  t: Lifetime,
  pki: RunningPki,
  serviceId: string,
  options: Partial<Omit<PKIClientOptions, 'folder'>> = {},
): Promise<PKIClient> {
  const folder = join(await temporaryDirectory(t), serviceId);
  const client = new PKIClient({
    pkiServerUrl: pki.apiUrl,
    serviceId,
    folder,
    enrolmentToken: await tokenFor(pki, serviceId),
    ...options,
  });
  t.after(() => client.close());
  await client.ensureCertificate();
  return client;
}

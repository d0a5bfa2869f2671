import type { CreatedTokenResource } from '@vcc-pki/api';
import type { Answer } from './call-api.ts';
import type { RunningPki } from './running-pki.ts';

/** Has the administrator make a token for a service. */
export async function createToken(pki: RunningPki, service: string, body: object = {}): Promise<CreatedTokenResource> {
  const answer = await pki.call('POST', '/api/v1/tokens', { body: { service_name: service, ...body } });
  if (answer.status !== 201) throw new Error(`no token for ${service}: ${answer.text}`);
  return answer.json() as CreatedTokenResource;
}

/** Enrols as a newcomer does: over TLS, without a client certificate. */
export function enrol(pki: RunningPki, token: string, csr: string, body: object = {}): Promise<Answer> {
  return pki.call('POST', '/api/v1/enroll', { as: null, body: { token, csr, ...body } });
}

import assert from 'node:assert/strict';
import { encodePem } from '@vcc-pki/asn1';
import { request } from 'undici';
import type { RunningPki } from './running-pki.ts';

/** What a relying party fetches from the public listener to check a whole chain. */
export interface PublishedCrls {
  readonly root: Buffer;
  readonly intermediate: Buffer;
  /** Both in PEM, the form that nginx and Node's TLS take. */
  readonly pem: { readonly root: string; readonly intermediate: string };
}

/** Fetches the CRLs of root and intermediate as the public listener has them now. */
export async function publishedCrls(pki: RunningPki): Promise<PublishedCrls> {
  const answer = await pki.call('GET', '/api/v1/ca/certificates', { as: null });
  const { items } = answer.json() as { items: { role: string; issuer_id: string }[] };
  const fetchCrl = async (role: string): Promise<Buffer> => {
    const issuer = items.find((item) => item.role === role)?.issuer_id;
    const response = await request(`${pki.publicUrl}/crl/${issuer}.crl`);
    assert.equal(response.statusCode, 200);
    return Buffer.from(await response.body.arrayBuffer());
  };
  const [root, intermediate] = [await fetchCrl('root'), await fetchCrl('intermediate')];
  return {
    root,
    intermediate,
    pem: { root: encodePem('X509 CRL', root), intermediate: encodePem('X509 CRL', intermediate) },
  };
}

/** The same, as soon as the CRL of the intermediate lists a serial number (lower-case hex). */
export async function publishedCrlsWith(pki: RunningPki, serialNumber: string): Promise<PublishedCrls> {
  for (let attempt = 1; attempt <= 200; attempt += 1) {
    const answer = await pki.call('GET', '/api/v1/crl', { as: null, headers: { accept: 'application/json' } });
    const { entries } = answer.json() as { entries: { serial_number: string }[] };
    if (entries.some((entry) => entry.serial_number === serialNumber)) return publishedCrls(pki);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`no CRL lists ${serialNumber} after five seconds, which effective_at promises`);
}

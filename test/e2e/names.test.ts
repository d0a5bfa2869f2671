import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { describe, test } from 'node:test';
import type { CertificateResource, ProblemCode } from '@vcc-pki/api';
import { type GeneralName, ipAddressFromText } from '@vcc-pki/x509';
import { assertProblem } from '../support/assert-problem.ts';
import type { Answer } from '../support/call-api.ts';
import { requestWith } from '../support/certificate-request.ts';
import { newRequest } from '../support/running-pki.ts';
import { sharedPki } from '../support/shared-pki.ts';

const dns = (value: string): GeneralName => ({ type: 'dNSName', value });
const uri = (value: string): GeneralName => ({ type: 'uniformResourceIdentifier', value });

describe('the names of a certificate', () => {
  const shared = sharedPki();

  async function ask(body: Readonly<Record<string, unknown>>): Promise<Answer> {
    const { csr } = await newRequest();
    return shared().call('POST', '/api/v1/certificates/request', {
      body: { service_name: 'veritas-backend', csr, ...body },
    });
  }

  /** Issues, and gives the place in the quota back. */
  async function issued(body: Readonly<Record<string, unknown>>): Promise<CertificateResource> {
    const answer = await ask(body);
    assert.equal(answer.status, 201, answer.text);
    const resource = answer.json() as CertificateResource;
    const { status } = await shared().call('DELETE', `${resource.links.revoke}?reason=superseded`);
    assert.equal(status, 200);
    return resource;
  }

  test('a request without names gets those of the service', async () => {
    const resource = await issued({});
    assert.equal(resource.common_name, 'veritas-backend');
    assert.deepEqual(resource.san_dns, ['veritas-backend', 'veritas-backend.vcc.local']);
    assert.deepEqual(resource.san_ip, []);
    assert.deepEqual(resource.san_uri, ['spiffe://vcc.local/veritas-backend']);
  });

  test('the example of the mission is issued as it asks, for all that it names', async () => {
    const resource = await issued({
      common_name: 'veritas-backend.vcc.local',
      san_dns: ['veritas-backend', 'veritas-backend.vcc.local'],
      san_ip: ['127.0.0.1', '192.168.178.94'],
      validity_days: 365,
      csr: (await newRequest('RSA-2048')).csr,
      key_size: 2048,
      metadata: { owner: 'VERITAS Team', environment: 'production', contact: 'admin@veritas.local' },
    });
    const certificate = new X509Certificate(resource.certificate_pem);
    assert.match(certificate.subject, /CN=veritas-backend\.vcc\.local$/);
    assert.equal(
      certificate.subjectAltName,
      'DNS:veritas-backend, DNS:veritas-backend.vcc.local, IP Address:127.0.0.1, IP Address:192.168.178.94, URI:spiffe://vcc.local/veritas-backend',
    );
    assert.equal(resource.metadata['owner'], 'VERITAS Team');
    assert.equal(certificate.serialNumber, resource.serial_number.toUpperCase());
    assert.equal(BigInt(`0x${resource.serial_number}`).toString(), resource.serial_number_decimal);
  });

  test('names of the request and of the CSR are one set, in lower case, each once', async () => {
    const names = [
      dns('Veritas-Backend'),
      dns('localhost'),
      { type: 'iPAddress', value: ipAddressFromText('::1') },
    ] as const;
    const csr = await requestWith({ names, commonName: 'veritas-backend.vcc.local' });
    const merged = await issued({ csr, san_dns: ['veritas-backend', 'LOCALHOST'], san_ip: ['127.0.0.1'] });
    assert.deepEqual(merged.san_dns, ['veritas-backend', 'localhost', 'veritas-backend.vcc.local']);
    assert.deepEqual(merged.san_ip, ['127.0.0.1', '::1']);
    assert.equal(merged.common_name, 'veritas-backend.vcc.local');
  });

  const refused: readonly [string, Readonly<Record<string, unknown>>, string, ProblemCode?][] = [
    ['a common name of another', { common_name: 'covina-backend' }, 'common_name'],
    ['a common name that is no DNS name', { common_name: 'Veritas Backend' }, 'common_name'],
    ['the DNS name of another', { san_dns: ['veritas-backend', 'covina-backend.vcc.local'] }, 'san_dns[1]'],
    ['a name below its own', { san_dns: ['x.veritas-backend.vcc.local'] }, 'san_dns[0]'],
    ['a name that begins like its own', { san_dns: ['veritas-backend.vcc.local.example.org'] }, 'san_dns[0]'],
    ['a wildcard over all services', { san_dns: ['*.vcc.local'] }, 'san_dns[0]'],
    ['a wildcard below its own name', { san_dns: ['*.veritas-backend.vcc.local'] }, 'san_dns[0]'],
    ['an address that is not listed', { san_ip: ['127.0.0.1', '192.168.178.95'] }, 'san_ip[1]'],
    ['the address of another behind IPv6', { san_ip: ['::ffff:192.168.178.95'] }, 'san_ip[0]'],
    ['the SPIFFE ID of another', { san_uri: ['spiffe://vcc.local/covina-backend'] }, 'san_uri[0]'],
    ['its SPIFFE ID in another trust domain', { san_uri: ['spiffe://example.org/veritas-backend'] }, 'san_uri[0]'],
    ['a URI', { san_uri: ['https://veritas-backend.vcc.local/'] }, 'san_uri[0]'],
    ['a mail address', { san_email: ['admin@veritas.local'] }, 'san_email[0]'],
    ['an address that is none', { san_ip: ['127.0.0.256'] }, 'san_ip[0]', 'malformed'],
    ['a DNS name that is none', { san_dns: ['veritas backend'] }, 'san_dns[0]', 'malformed'],
  ];
  for (const [what, body, field, code = 'rejectedIdentifier'] of refused) {
    test(`refused: ${what}`, async () => {
      assertProblem(await ask(body), code, field);
    });
  }

  const refusedInCsr: readonly [string, Parameters<typeof requestWith>[0], string][] = [
    ['the common name of another', { commonName: 'covina-backend' }, 'common_name'],
    ['the DNS name of another', { names: [dns('veritas-backend'), dns('covina-backend')] }, 'csr'],
    ['a wildcard', { names: [dns('*.vcc.local')] }, 'csr'],
    ['a DNS name with a NUL in it', { names: [dns('veritas-backend\0.example.org')] }, 'csr'],
    ['the SPIFFE ID of another', { names: [uri('spiffe://vcc.local/covina-backend')] }, 'csr'],
    ['a mail address', { names: [{ type: 'rfc822Name', value: 'a@veritas-backend' }] }, 'csr'],
    ['an address that is not listed', { names: [{ type: 'iPAddress', value: ipAddressFromText('10.0.0.1') }] }, 'csr'],
  ];
  for (const [what, parts, field] of refusedInCsr) {
    test(`refused in the CSR: ${what}`, async () => {
      assertProblem(await ask({ csr: await requestWith(parts) }), 'rejectedIdentifier', field);
    });
  }

  test('the common name of the CSR is judged even where the request names another', async () => {
    const csr = await requestWith({ commonName: 'covina-backend' });
    assertProblem(await ask({ csr, common_name: 'veritas-backend' }), 'rejectedIdentifier', 'csr');
  });
});

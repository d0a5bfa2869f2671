import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { requestExample } from '../examples.ts';
import { routeList } from '../routes.ts';
import { RequestCertificateBody } from './certificates.ts';
import { maxCsrLength } from './fields.ts';
import { RevokeCertificateBody } from './revocation.ts';
import { revocationReasonOf, revocationReasonWords } from './revocation-reasons.ts';

type Node = Readonly<Record<string, unknown>>;

const requestSchemas = routeList.flatMap((route) =>
  [route.params, route.query, route.headers, route.body?.schema]
    .filter((schema) => schema !== undefined)
    .map((schema) => [route.operationId, schema] as const),
);

/** Every schema inside `schema`, itself included, with its path. */
function* subschemas(schema: unknown, path: string): Generator<[string, Node]> {
  if (typeof schema !== 'object' || schema === null) return;
  const node = schema as Node;
  yield [path, node];
  for (const keyword of ['properties', 'patternProperties']) {
    for (const [name, member] of Object.entries((node[keyword] ?? {}) as Node))
      yield* subschemas(member, `${path}.${name}`);
  }
  for (const [index, member] of ((node['anyOf'] ?? []) as unknown[]).entries())
    yield* subschemas(member, `${path}|${index}`);
  yield* subschemas(node['items'], `${path}[]`);
}

function isBounded(node: Node): boolean {
  if (node['type'] === 'string') return node['maxLength'] !== undefined || node['enum'] !== undefined;
  if (node['type'] === 'array') return node['maxItems'] !== undefined;
  if (node['type'] === 'integer') return node['minimum'] !== undefined && node['maximum'] !== undefined;
  return true;
}

test('every string, array and number of a request is bounded', () => {
  for (const [operationId, schema] of requestSchemas) {
    for (const [path, node] of subschemas(schema, operationId)) assert.ok(isBounded(node), path);
  }
});

test('every form that a string of a request must have is in words too, for people', () => {
  for (const [operationId, schema] of requestSchemas) {
    for (const [path, node] of subschemas(schema, operationId)) {
      if (node['pattern'] !== undefined) assert.ok(`${node['description'] ?? ''}`.length >= 10, path);
    }
  }
});

test('no object of a request takes unknown members, headers aside', () => {
  for (const route of routeList) {
    for (const schema of [route.params, route.query, route.body?.schema]) {
      for (const [path, node] of subschemas(schema, route.operationId)) {
        if (node['type'] === 'object') assert.equal(node['additionalProperties'], false, path);
      }
    }
  }
});

function accepts(schema: TSchema, value: unknown): boolean {
  return Value.Check(schema, value);
}

const minimal = { service_name: 'veritas-backend', csr: requestExample.csr };

test('a request needs service and CSR, and takes no key', () => {
  assert.ok(accepts(RequestCertificateBody, minimal));
  assert.ok(!accepts(RequestCertificateBody, { service_name: 'veritas-backend' }));
  assert.ok(!accepts(RequestCertificateBody, { csr: requestExample.csr }));
  assert.ok(!accepts(RequestCertificateBody, { ...minimal, private_key: 'x' }));
});

test('a request is refused at its limits', () => {
  const refused: readonly Readonly<Record<string, unknown>>[] = [
    { service_name: 'Veritas' },
    { service_name: '../x' },
    { service_name: 'x'.repeat(64) },
    { csr: 'A'.repeat(maxCsrLength + 1) },
    { csr: '\u0000' },
    { san_dns: Array.from({ length: 101 }, (_, index) => `h${index}.vcc.local`) },
    { san_dns: ['under_score'] },
    { san_dns: ['space here'] },
    { san_ip: ['localhost'] },
    { san_uri: ['no-scheme'] },
    { san_email: ['nobody'] },
    { common_name: 'line\nbreak' },
    { validity_days: 0 },
    { validity_days: 1.5 },
    { key_type: 'dsa' },
    { metadata: { owner: 7 } },
    { metadata: { owner: 'x'.repeat(257) } },
    { metadata: Object.fromEntries(Array.from({ length: 33 }, (_, index) => [`k${index}`, 'v'])) },
  ];
  for (const change of refused) {
    assert.ok(!accepts(RequestCertificateBody, { ...minimal, ...change }), JSON.stringify(change).slice(0, 60));
  }
});

test('a revocation may come without body, and never with a hold', () => {
  assert.ok(accepts(RevokeCertificateBody, null));
  assert.ok(accepts(RevokeCertificateBody, {}));
  for (const reason of revocationReasonWords) assert.ok(accepts(RevokeCertificateBody, { reason }));
  for (const reason of ['certificateHold', 'removeFromCRL', 'cACompromise', '']) {
    assert.ok(!accepts(RevokeCertificateBody, { reason }), reason);
  }
});

test('the five words of the mission text have their RFC 5280 reason', () => {
  assert.equal(revocationReasonOf('key_compromise'), 'keyCompromise');
  assert.equal(revocationReasonOf('service_decommissioned'), 'cessationOfOperation');
  assert.equal(revocationReasonOf('certificate_superseded'), 'superseded');
  assert.equal(revocationReasonOf('privilege_change'), 'privilegeWithdrawn');
  assert.equal(revocationReasonOf('security_policy_violation'), 'privilegeWithdrawn');
});

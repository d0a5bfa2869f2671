import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openApiDocument } from './openapi.ts';
import { problemCodes } from './problems.ts';
import { routeList } from './routes.ts';

type Node = Readonly<Record<string, unknown>>;

const document = openApiDocument({
  serverUrl: 'https://localhost:8443',
  publicUrl: 'http://localhost:8080',
  version: '1.2.3',
});

function at(...path: readonly string[]): Node {
  let node: unknown = document;
  for (const step of path) node = (node as Node | undefined)?.[step];
  assert.ok(typeof node === 'object' && node !== null, path.join('/'));
  return node as Node;
}

function* references(node: unknown): Generator<string> {
  if (typeof node !== 'object' || node === null) return;
  for (const [name, value] of Object.entries(node)) {
    if (name === '$ref' && typeof value === 'string') yield value;
    else yield* references(value);
  }
}

test('the document is OpenAPI 3.1, plain JSON, with the version it was given', () => {
  assert.match(String(document['openapi']), /^3\.1\.\d+$/);
  assert.equal(at('info')['version'], '1.2.3');
  assert.deepEqual(JSON.parse(JSON.stringify(document)), document);
});

test('every route is there once, with a summary and a response for each of its problems', () => {
  const operations = Object.values(at('paths')).flatMap((item) =>
    Object.entries(item as Node).filter(([method]) => method !== 'servers'),
  );
  assert.equal(operations.length, routeList.length);
  for (const route of routeList) {
    const operation = at('paths', route.path, route.method.toLowerCase());
    assert.equal(operation['operationId'], route.operationId);
    assert.equal(operation['summary'], route.summary);
    const responses = JSON.stringify(operation['responses']);
    for (const code of route.problems) assert.match(responses, new RegExp(`\\b${code}\\b`), `${route.path} ${code}`);
    assert.ok(Object.hasOwn(operation['responses'] as object, String(route.response.status)), route.path);
  }
});

test('every response has a description, and every parameter a schema (OpenAPI 3.1 s4.8.17, s4.8.12)', () => {
  for (const route of routeList) {
    const operation = at('paths', route.path, route.method.toLowerCase());
    for (const response of Object.values(operation['responses'] as Node) as Node[]) {
      assert.ok('$ref' in response || typeof response['description'] === 'string', route.path);
    }
    for (const parameter of operation['parameters'] as Node[]) {
      assert.equal(typeof parameter['schema'], 'object');
      if (parameter['in'] === 'path') assert.equal(parameter['required'], true);
    }
  }
});

test('open routes say so, all others demand the client certificate', () => {
  for (const route of routeList) {
    const { security } = at('paths', route.path, route.method.toLowerCase());
    assert.deepEqual(security, route.auth === 'none' ? [] : [{ clientCertificate: [] }], route.path);
  }
  assert.equal(at('components', 'securitySchemes', 'clientCertificate')['type'], 'mutualTLS');
});

test('every reference leads somewhere', () => {
  const found = [...references(document)];
  assert.ok(found.length > 50);
  for (const reference of new Set(found)) at(...reference.replace('#/', '').split('/'));
});

test('every problem is a component with its type in the example', () => {
  for (const code of problemCodes) {
    const content = at('components', 'responses', code, 'content', 'application/problem+json');
    assert.equal((content['example'] as Node)['type'], `urn:vcc:pki:problem:${code}`);
  }
});

test('routes of the public listener alone name its address', () => {
  assert.deepEqual(at('paths', '/ca/root.pem')['servers'], [
    { url: 'http://localhost:8080', description: 'public, plain http' },
  ]);
  assert.equal(at('paths', '/health')['servers'], undefined);
});

test('schemas with the same title are the same schema', () => {
  const seen = new Map<string, string>();
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    const { title } = node as Node;
    if (typeof title === 'string') {
      const text = JSON.stringify(node);
      assert.equal(seen.get(title) ?? text, text, title);
      seen.set(title, text);
    }
    Object.values(node).forEach(visit);
  };
  for (const route of routeList) visit([route.body?.schema, route.response.schema]);
  assert.ok(seen.size > 10);
});

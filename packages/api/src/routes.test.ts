import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Value } from 'typebox/value';
import { problemCodes } from './problems.ts';
import { type Route, routeList, routes } from './routes.ts';

test('every route is named by its key, says what it does, and is open or has an operation', () => {
  for (const [operationId, route] of Object.entries<Route>(routes)) {
    assert.equal(route.operationId, operationId);
    assert.ok(route.summary.length > 0 && route.description.length > 0, operationId);
    assert.equal(route.operation !== undefined, route.auth === 'mtls', operationId);
    assert.ok(route.listeners.length > 0, operationId);
  }
});

test('no two routes share a method and a path', () => {
  const places = routeList.flatMap((route) =>
    [route.path, ...(route.aliases ?? [])].map((path) => `${route.method} ${path}`),
  );
  assert.equal(new Set(places).size, places.length);
});

test('what is open is this list and nothing else', () => {
  assert.deepEqual(
    routeList.filter((route) => route.auth === 'none').map((route) => route.path),
    [
      '/api/v1/crl',
      '/crl/{issuer}/{shard}.crl',
      '/crl/{issuer}/delta.crl',
      '/crl/{issuer}.crl',
      '/ocsp/{issuer}/{request}',
      '/ocsp/{issuer}',
      '/api/v1/enroll',
      '/api/v1/ca/certificates',
      '/api/v1/ca/chain',
      '/ca/{issuer}.cer',
      '/ca/root.pem',
      '/health',
      '/ready',
      '/api/v1/openapi.json',
      '/api/v1/docs',
    ],
  );
});

test('only open routes are on the public listener', () => {
  for (const route of routeList) {
    if (route.listeners.includes('public')) assert.equal(route.auth, 'none', route.path);
  }
});

test('the parameters of a path are those of its schema', () => {
  for (const route of routeList) {
    const inPath = [...route.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
    const schema = route.params as { properties?: object } | undefined;
    assert.deepEqual(Object.keys(schema?.properties ?? {}), inPath, route.path);
  }
});

test('every example fits its schema', () => {
  for (const { operationId, body, response } of routeList) {
    if (body) assert.deepEqual(Value.Errors(body.schema, body.example), [], `${operationId} request`);
    if (response.schema)
      assert.deepEqual(Value.Errors(response.schema, response.example), [], `${operationId} response`);
    else assert.ok((response.mediaTypes ?? []).length > 0, `${operationId} answers with something`);
  }
});

test('every code is possible on some route', () => {
  const possible = new Set(routeList.flatMap((route) => route.problems));
  // A wrong method meets no route at all.
  possible.add('methodNotAllowed');
  assert.deepEqual(
    problemCodes.filter((code) => !possible.has(code)),
    [],
  );
});

test('every route that a caller must identify for can refuse the caller', () => {
  for (const route of routeList) {
    assert.equal(route.problems.includes('unauthorized'), route.auth === 'mtls', route.operationId);
    assert.ok(route.problems.includes('serverInternal'), route.operationId);
    assert.equal(new Set(route.problems).size, route.problems.length, route.operationId);
  }
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { routeList } from '@vcc-pki/api';
import { notFoundAdvice } from './not-found-advice.ts';

test('every route that may not find something says what to do about that thing', () => {
  const routes = routeList.filter(({ problems }) => problems.includes('notFound'));
  assert.ok(routes.length > 20);
  for (const route of routes) assert.ok(notFoundAdvice(route) !== undefined, route.path);
});

test('the advice speaks of the thing, and every path in it is one', () => {
  const words = {
    tokens: 'token_id',
    keks: 'kek_123',
    webhooks: 'webhook_id',
    services: 'service_id',
    ca: 'issuer_id',
  };
  const paths = new Set(routeList.flatMap(({ path, aliases = [] }) => [path, ...aliases]));
  for (const route of routeList) {
    const advice = notFoundAdvice(route);
    if (advice === undefined) continue;
    for (const [thing, word] of Object.entries(words)) {
      if (new RegExp(`^(/api/v1)?/${thing}`).test(route.path))
        assert.ok(advice.includes(word), `${route.path}: ${advice}`);
    }
    for (const [path] of advice.matchAll(/\/api\/v1\/[\w./]*[\w/]/g)) assert.ok(paths.has(path), path);
  }
});

test('without a route it is the path that is wrong', () => {
  assert.match(notFoundAdvice(undefined) ?? '', /path/);
});

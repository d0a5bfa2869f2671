import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keeperRoutes } from './keeper-routes.ts';
import { type OperationId, type Route, routes } from './routes.ts';

test('the routes that are known without schemas are those of the table', () => {
  for (const [operation, place] of Object.entries(keeperRoutes)) {
    const { method, path }: Route = routes[operation as OperationId];
    assert.deepEqual(place, { method, path }, operation);
  }
});

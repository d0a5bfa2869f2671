import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { openApiDocument } from '@vcc-pki/api';
import type { Answer } from '../support/call-api.ts';
import { sharedPki } from '../support/shared-pki.ts';

describe('the document of the API', () => {
  const shared = sharedPki();
  const get = (path: string): Promise<Answer> => shared().call('GET', path, { as: null });

  test('is served as it is made from the routes', async () => {
    const answer = await get('/api/v1/openapi.json');
    assert.match(`${answer.headers['content-type']}`, /^application\/json/);
    const { version } = (await get('/health')).json() as { version: string };
    const expected = openApiDocument({ serverUrl: shared().server().apiUrl, version });
    assert.deepEqual(answer.json(), JSON.parse(JSON.stringify(expected)));
    assert.equal((answer.json() as { openapi: string }).openapi.slice(0, 3), '3.1');
  });

  test('is a page too, for which everything comes from here', async () => {
    const { page, path } = await readPage('/api/v1/docs');
    assert.match(page.text, /<html/i);
    const assets = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, target]) => target!);
    assert.ok(assets.length >= 3, page.text);
    for (const asset of assets) {
      const url = new URL(asset, `${shared().apiUrl}${path}`);
      assert.equal(url.origin, shared().apiUrl, 'nothing is loaded from elsewhere');
      const answer = await get(url.pathname);
      assert.equal(answer.status, 200, asset);
      assert.ok(answer.bytes.length > 0, asset);
    }
    const policy = `${page.headers['content-security-policy']}`;
    assert.match(policy, /default-src 'self'/);
    assert.doesNotMatch(policy, /https?:\/\/(?!localhost)/);
  });

  async function readPage(path: string): Promise<{ page: Answer; path: string }> {
    const answer = await get(path);
    if (answer.status < 300) return { page: answer, path };
    assert.ok(answer.status < 400, answer.text);
    return readPage(new URL(`${answer.headers['location']}`, `${shared().apiUrl}${path}`).pathname);
  }
});

import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import { after, before, test } from 'node:test';
import { JWTValidator, type JWTValidatorOptions, KeyError, type KeyErrorCode, ManualTime } from '@vcc-pki/key-provider';
import { exportJWK, generateKeyPair, type JWK, SignJWT, UnsecuredJWT } from 'jose';

const issuer = 'https://keycloak.vcc.local/realms/vcc';
const audience = 'clara-training-system';
const time = new ManualTime(1_800_000_000_000);

const pairs = new Map<string, { privateKey: CryptoKey; jwk: JWK }>();
let server: Server;
let url = '';
/** What the endpoint does, and how often it was asked. */
let published: readonly string[] = [];
let status = 200;
let requests = 0;

before(async () => {
  for (const kid of ['one', 'two']) {
    const { privateKey, publicKey } = await generateKeyPair('RS256');
    pairs.set(kid, { privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' } });
  }
  server = createServer((_, response) => {
    requests++;
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ keys: published.map((kid) => pairs.get(kid)?.jwk) }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  url = `http://127.0.0.1:${address.port}/protocol/openid-connect/certs`;
});
after(() => server.close());

function reset(): void {
  published = ['one'];
  status = 200;
  requests = 0;
}

interface Forge {
  readonly kid?: string;
  readonly signedBy?: string;
  readonly typ?: string | undefined;
  readonly claims?: Readonly<Record<string, unknown>>;
}

async function token({ kid = 'one', signedBy = kid, typ = 'JWT', claims = {} }: Forge = {}): Promise<string> {
  const seconds = time.now() / 1000;
  const payload = { iss: issuer, aud: audience, sub: 'alice', exp: seconds + 600, groups: ['doctors'], ...claims };
  const key = pairs.get(signedBy)?.privateKey ?? assert.fail();
  return new SignJWT(payload).setProtectedHeader({ alg: 'RS256', kid, ...(typ && { typ }) }).sign(key);
}

function validator(options: Partial<JWTValidatorOptions> = {}): JWTValidator {
  return new JWTValidator({ issuer, audience, keys: { url }, time, ...options });
}

const refuses = (code: KeyErrorCode) => (error: unknown) => error instanceof KeyError && error.code === code;

test('a token of the issuer is believed, and says who and in which groups', async () => {
  reset();
  const { subject, groups, expiresAtMs } = await validator().verify(await token());
  assert.deepEqual([subject, groups, expiresAtMs], ['alice', ['doctors'], time.now() + 600_000]);
});

test('groups are where they are configured to be', async () => {
  reset();
  const claims = { roles: ['a'], realm_access: { roles: ['b'] }, 'https://vcc/groups': ['c'], groups: undefined };
  const text = await token({ claims });
  const groupsAt = async (claimPath: string | string[]) => (await validator({ claimPath }).verify(text)).groups;
  assert.deepEqual(await groupsAt('roles'), ['a']);
  assert.deepEqual(await groupsAt('realm_access.roles'), ['b']);
  assert.deepEqual(await groupsAt(['https://vcc/groups']), ['c']);
  assert.deepEqual(await groupsAt('groups'), []);
  assert.deepEqual(await groupsAt('__proto__.constructor'), []);
  await assert.rejects(groupsAt('sub'), refuses('TOKEN_INVALID'));
});

test('what does not hold is refused', async () => {
  reset();
  const seconds = time.now() / 1000;
  const judge = validator();
  const bad: Record<string, string> = {
    'another issuer': await token({ claims: { iss: 'https://evil.example' } }),
    'another audience': await token({ claims: { aud: 'other' } }),
    'no audience': await token({ claims: { aud: undefined } }),
    'expired beyond the tolerance': await token({ claims: { exp: seconds - 31 } }),
    'no end': await token({ claims: { exp: undefined } }),
    'not yet': await token({ claims: { nbf: seconds + 31 } }),
    'no subject': await token({ claims: { sub: undefined } }),
    'another type': await token({ typ: 'dpop+jwt' }),
    'no type': await token({ typ: '' }),
    'another key under the name': await token({ kid: 'one', signedBy: 'two' }),
    'too long': await token({ claims: { pad: 'a'.repeat(20_000) } }),
    'no token': 'a.b.c',
    unsecured: new UnsecuredJWT({ groups: ['doctors'] }).setIssuer(issuer).setAudience(audience).encode(),
    'a secret instead of a key': await new SignJWT({ iss: issuer, aud: audience, sub: 'alice', exp: seconds + 60 })
      .setProtectedHeader({ alg: 'HS256', kid: 'one', typ: 'JWT' })
      .sign(new TextEncoder().encode(JSON.stringify(pairs.get('one')?.jwk))),
  };
  for (const [what, text] of Object.entries(bad))
    await assert.rejects(judge.verify(text), refuses('TOKEN_INVALID'), what);
  await judge.verify(await token({ claims: { exp: seconds - 29 } }));
});

test('options that would let anybody in are refused', () => {
  for (const options of [
    { issuer: '' },
    { audience: '' },
    { audience: [] },
    { algorithms: [] },
    { algorithms: ['HS256' as 'RS256'] },
    { algorithms: ['none' as 'RS256'] },
    { clockToleranceSeconds: 61 },
    { keys: { url: 'http://keys.example/certs' } },
  ]) {
    assert.throws(() => validator(options), TypeError, JSON.stringify(options));
  }
});

test('a new key is found after the cooldown, an unknown one asks no more often', async () => {
  reset();
  const judge = validator({ keys: { url, cooldownMs: 50 } });
  await judge.verify(await token());
  published = ['one', 'two'];
  const rotated = await token({ kid: 'two' });
  for (let i = 0; i < 20; i++) await assert.rejects(judge.verify(rotated), refuses('TOKEN_INVALID'));
  assert.equal(requests, 1);
  await new Promise((resolve) => setTimeout(resolve, 60));
  await judge.verify(rotated);
  assert.equal(requests, 2);
});

test('while the endpoint fails the last keys go on, but no key is made up for it', async () => {
  reset();
  const judge = validator({ keys: { url, maxAgeMs: 0, cooldownMs: 30_000, staleMs: 3_600_000 } });
  const good = await token();
  await judge.verify(good);
  status = 503;
  await judge.verify(good);
  const asked = requests;
  for (let i = 0; i < 20; i++) await judge.verify(good);
  assert.equal(requests, asked, 'a failing endpoint is left alone for a while');
  await assert.rejects(judge.verify(await token({ kid: 'two' })), refuses('TOKEN_INVALID'));
  time.pass(3_600_001);
  await assert.rejects(judge.verify(await token()), refuses('JWKS_UNAVAILABLE'));
  status = 200;
  time.pass(30_001);
  await judge.verify(await token());
});

test('an endpoint that was never there says so', async () => {
  const judge = validator({ keys: { url: 'http://127.0.0.1:9/certs' } });
  await assert.rejects(judge.verify(await token()), refuses('JWKS_UNAVAILABLE'));
  reset();
  const odd = validator({ keys: { url, fetch: async () => new Response('<html>') } });
  await assert.rejects(odd.verify(await token()), refuses('JWKS_UNAVAILABLE'));
});

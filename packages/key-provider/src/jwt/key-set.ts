import {
  createLocalJWKSet,
  createRemoteJWKSet,
  customFetch,
  errors,
  type JSONWebKeySet,
  type JWTVerifyGetKey,
} from 'jose';
import type { TimeSource } from '../cache/time-source.ts';
import { KeyError } from '../key-error.ts';

/** What is used of `fetch`, to bring one with another trust store or proxy. */
export type FetchKeySet = (url: string, options: RequestInit) => Promise<Response>;

export interface RemoteKeySetOptions {
  /** `https`, or `http` on this machine. */
  readonly url: string;
  readonly fetch?: FetchKeySet | undefined;
  readonly timeoutMs?: number | undefined;
  /** A token with an unknown key fetches the set again at most this often; so does an endpoint that fails. */
  readonly cooldownMs?: number | undefined;
  /** The set is fetched again when it is older. */
  readonly maxAgeMs?: number | undefined;
  /** While the endpoint fails, and only then, keys are used until the set is this old. */
  readonly staleMs?: number | undefined;
}

/** The endpoint did not answer with a key set: no answer, another status, or no JSON. */
class KeySetUnreachableError extends Error {
  override readonly name = 'KeySetUnreachableError';
}

const maxKeySetBytes = 1_048_576;

/**
 * Keys of an issuer, from its JWKS endpoint. An outage of the endpoint is bridged by the last set; a key that the set does not
 * have is refused at once, or an attacker could have any set kept by naming keys that do not exist.
 */
export function remoteKeySet(options: RemoteKeySetOptions, time: Pick<TimeSource, 'now'>): JWTVerifyGetKey {
  const { cooldownMs = 30_000, maxAgeMs = 600_000, staleMs = 86_400_000, timeoutMs = 5_000 } = options;
  const fetch = options.fetch ?? globalThis.fetch;
  const url = checkedUrl(options.url);
  let failedAtMs = Number.NEGATIVE_INFINITY;
  let last: { readonly keys: JWTVerifyGetKey; readonly atMs: number } | undefined;
  const remote = createRemoteJWKSet(url, {
    cooldownDuration: cooldownMs,
    cacheMaxAge: maxAgeMs,
    timeoutDuration: timeoutMs,
    [customFetch]: async (address: string, request: RequestInit) => {
      const set = await fetchKeySet(fetch, address, request);
      last = { keys: createLocalJWKSet(set), atMs: time.now() };
      return Response.json(set);
    },
  });
  const bridge: JWTVerifyGetKey = (header, token) => {
    if (last && time.now() - last.atMs <= staleMs) return last.keys(header, token);
    throw new KeyError('JWKS_UNAVAILABLE', 'the key set of the issuer cannot be fetched, and none is fresh enough');
  };
  return async (header, token) => {
    if (time.now() - failedAtMs < cooldownMs) return bridge(header, token);
    try {
      return await remote(header, token);
    } catch (error) {
      if (!(error instanceof KeySetUnreachableError || error instanceof errors.JWKSTimeout)) throw error;
      failedAtMs = time.now();
      return bridge(header, token);
    }
  };
}

async function fetchKeySet(fetch: FetchKeySet, url: string, request: RequestInit): Promise<JSONWebKeySet> {
  const text = await fetchText(fetch, url, request);
  try {
    const set = JSON.parse(text) as JSONWebKeySet;
    createLocalJWKSet(set);
    return set;
  } catch (cause) {
    throw new KeySetUnreachableError('the endpoint did not answer with a key set', { cause });
  }
}

async function fetchText(fetch: FetchKeySet, url: string, request: RequestInit): Promise<string> {
  try {
    const response = await fetch(url, { ...request, redirect: 'error' });
    const octets = new Uint8Array(await response.arrayBuffer());
    if (response.status === 200 && octets.length <= maxKeySetBytes) return new TextDecoder().decode(octets);
    throw new KeySetUnreachableError(`status ${response.status}, ${octets.length} octets`);
  } catch (cause) {
    // What the abort of a timeout throws is jose's to recognise.
    if (cause instanceof KeySetUnreachableError || (cause instanceof Error && cause.name === 'TimeoutError'))
      throw cause;
    throw new KeySetUnreachableError('the endpoint does not answer', { cause });
  }
}

function checkedUrl(text: string): URL {
  const url = new URL(text);
  const local = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (url.protocol === 'https:' || (url.protocol === 'http:' && local)) return url;
  throw new TypeError('a key set is fetched by https: whoever changes it can sign tokens');
}

import { createLocalJWKSet, type JSONWebKeySet, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { systemTime, type TimeSource } from '../cache/time-source.ts';
import { KeyError } from '../key-error.ts';
import { type RemoteKeySetOptions, remoteKeySet } from './key-set.ts';

/** Signatures by keys that only the issuer has; a shared secret or none is never accepted (RFC 8725 s3.1). */
const asymmetric = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
] as const;

export type TokenAlgorithm = (typeof asymmetric)[number];

export interface JWTValidatorOptions {
  /** `iss`, exactly. */
  readonly issuer: string;
  /** `aud` holds one of them. */
  readonly audience: string | readonly string[];
  /** Keys of the issuer: its JWKS endpoint, or a set that is known. */
  readonly keys: RemoteKeySetOptions | { readonly set: JSONWebKeySet };
  /** Where the groups are: `groups`, `roles`, `realm_access.roles`, or the steps to a claim whose name has dots. */
  readonly claimPath?: string | readonly string[] | undefined;
  /** Those that the issuer uses; fewer is better. */
  readonly algorithms?: readonly TokenAlgorithm[] | undefined;
  /** `typ` of the header; a token of another kind is not taken for one of access (RFC 8725 s3.11). */
  readonly types?: readonly string[] | undefined;
  /** How far the clocks may differ: at most 60 s (RFC 7519 s4.1.4, "a few minutes" is too long for keys). */
  readonly clockToleranceSeconds?: number | undefined;
  readonly time?: Pick<TimeSource, 'now'> | undefined;
}

/** What a token proves. */
export interface VerifiedToken {
  /** `sub`. */
  readonly subject: string;
  readonly groups: readonly string[];
  readonly expiresAtMs: number;
  readonly claims: Readonly<JWTPayload>;
}

const maxTokenLength = 16_384;
const maxGroups = 1_000;
const maxToleranceSeconds = 60;

/** Judges the tokens of one issuer (RFC 7519, RFC 8725). */
export class JWTValidator {
  readonly #options: JWTValidatorOptions;
  readonly #time: Pick<TimeSource, 'now'>;
  readonly #keys: JWTVerifyGetKey;
  readonly #claim: readonly string[];

  /** @throws TypeError for options that would let anybody in */
  constructor(options: JWTValidatorOptions) {
    const { issuer, audience, algorithms = ['RS256'], clockToleranceSeconds = 30, claimPath = 'groups' } = options;
    if (issuer === '' || audience === '' || audience.length === 0)
      throw new TypeError('issuer and audience are needed');
    const bad = algorithms.find((algorithm) => !asymmetric.includes(algorithm));
    if (bad !== undefined || algorithms.length === 0) throw new TypeError(`no algorithm to accept tokens by: ${bad}`);
    if (!(clockToleranceSeconds >= 0 && clockToleranceSeconds <= maxToleranceSeconds)) {
      throw new TypeError(`a tolerance of 0 to ${maxToleranceSeconds} s`);
    }
    this.#options = options;
    this.#time = options.time ?? systemTime;
    this.#keys = 'set' in options.keys ? createLocalJWKSet(options.keys.set) : remoteKeySet(options.keys, this.#time);
    this.#claim = typeof claimPath === 'string' ? claimPath.split('.') : claimPath;
  }

  /**
   * Verifies a token in its compact form.
   *
   * @throws {@link KeyError} `TOKEN_INVALID`, or `JWKS_UNAVAILABLE` when it cannot be judged just now
   */
  async verify(token: string): Promise<VerifiedToken> {
    if (token.length > maxTokenLength) throw new KeyError('TOKEN_INVALID', 'the token is too long');
    const {
      issuer,
      audience,
      algorithms = ['RS256'],
      types = ['JWT', 'at+jwt'],
      clockToleranceSeconds = 30,
    } = this.#options;
    try {
      const { payload, protectedHeader } = await jwtVerify(token, this.#keys, {
        issuer,
        audience: [audience].flat(),
        algorithms: [...algorithms],
        requiredClaims: ['exp', 'sub', 'iss', 'aud'],
        clockTolerance: clockToleranceSeconds,
        currentDate: new Date(this.#time.now()),
      });
      const type = protectedHeader.typ?.replace(/^application\//i, '').toLowerCase();
      if (!types.some((accepted) => accepted.toLowerCase() === type)) throw new TypeError(`a token of type ${type}`);
      return { ...facts(payload), groups: groupsAt(payload, this.#claim), claims: payload };
    } catch (cause) {
      if (cause instanceof KeyError) throw cause;
      throw new KeyError('TOKEN_INVALID', 'the token does not hold', { cause });
    }
  }
}

function facts({ sub, exp }: JWTPayload): Pick<VerifiedToken, 'subject' | 'expiresAtMs'> {
  if (typeof sub !== 'string' || sub === '' || typeof exp !== 'number') throw new TypeError('sub and exp are needed');
  return { subject: sub, expiresAtMs: exp * 1000 };
}

/** A list of texts, or nothing at all: whoever is in no group has no such claim. */
function groupsAt(payload: JWTPayload, path: readonly string[]): string[] {
  const found = path.reduce<unknown>(
    (value, name) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined,
    payload,
  );
  if (found === undefined) return [];
  if (!Array.isArray(found) || found.length > maxGroups || !found.every((group) => typeof group === 'string')) {
    throw new TypeError(`${path.join('.')} is no list of groups`);
  }
  return found;
}

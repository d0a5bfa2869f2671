import { PkiError } from './pki-error.ts';

/** What a one-time enrolment token tells the service that is given it. The secret is as good as the certificate. */
export interface EnrolmentToken {
  /** Names the token in lists and in the audit log; no secret. */
  readonly tokenId: string;
  /** Base URL of the API: `https://pki.vcc.local:8443`. */
  readonly serverUrl: string;
  /** The service that the certificate will name. */
  readonly serviceId: string;
  /** SHA-256 of the root certificate in DER, lower-case hex: what the first connection is held to. */
  readonly rootSha256: string;
  /** 256 random bits in base64url. */
  readonly secret: string;
}

/** Ahead of every token, so that people and secret scanners know one when they see it. */
const prefix = 'vcc1.';

/** Far longer than any token there is: a URL has at most 2048 characters, the rest together less than 300. */
export const maxTokenLength = 4_096;

/** Member of the JSON, what it must look like, and its name here. */
const members = [
  ['id', /^tok_[0-9a-f]{32}$/, 'tokenId'],
  ['url', /^https:\/\/[!-~]{1,2040}$/, 'serverUrl'],
  ['service', /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, 'serviceId'],
  ['root', /^[0-9a-f]{64}$/, 'rootSha256'],
  // 43 characters hold 258 bits; the last two are zero in the one form that is accepted.
  ['secret', /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/, 'secret'],
] as const satisfies readonly (readonly [string, RegExp, keyof EnrolmentToken])[];

/** The one string that an operator hands over: `vcc1.` and the base64url of a JSON object. */
export function encodeEnrolmentToken(token: EnrolmentToken): string {
  const json = JSON.stringify(Object.fromEntries(members.map(([name, , key]) => [name, token[key]])));
  return prefix + btoa(json).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/**
 * Reads a token. It is not authenticated: whoever made the text chose the server, and the root that it will be held to.
 * @throws {@link PkiError} `malformed`, never with a part of the text.
 */
export function parseEnrolmentToken(text: string): EnrolmentToken {
  const found = readJson(text);
  const entries = members.map(([name, pattern, key]) => {
    const value = found[name];
    if (typeof value === 'string' && pattern.test(value)) return [key, value];
    throw malformed(`"${name}" is missing or not what it should be`);
  });
  if (Object.keys(found).length !== members.length) throw malformed('it has members that are not known here');
  const token = Object.fromEntries(entries) as unknown as EnrolmentToken;
  if (!URL.canParse(token.serverUrl)) throw malformed('"url" is no URL');
  // One text for each token: what is pasted with a flaw in its middle is found here, not at the server.
  if (encodeEnrolmentToken(token) !== text) throw malformed('it is not in the form in which tokens are made');
  return token;
}

function readJson(text: string): Readonly<Record<string, unknown>> {
  if (text.length > maxTokenLength) throw malformed('it is too long');
  if (!text.startsWith(prefix)) throw malformed(`it does not begin with "${prefix}"`);
  try {
    const base64 = text.slice(prefix.length).replaceAll('-', '+').replaceAll('_', '/');
    const value: unknown = JSON.parse(atob(base64));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // Neither cause is handed on: the messages of JSON.parse have a part of the text, and with it of the secret.
  }
  throw malformed('it is cut off or damaged');
}

function malformed(why: string): PkiError {
  return new PkiError('malformed', `this is no enrolment token: ${why}`, { field: 'token' });
}

/** What the URL of an OCSP request says. */
export interface OcspUrl {
  /** Lower-case hex, of the issuer whose address was used; `undefined` at the address of all. */
  readonly issuerId: string | undefined;
  /** DER OCSPRequest; `undefined` when the URL has none, or what it has is not base64. */
  readonly request: Uint8Array | undefined;
}

/** The path of every OCSP request, with an issuer, a request, both or neither behind it. */
export const ocspPath = '/ocsp';

/** As IssuerId of the api package. Base64 of a DER SEQUENCE begins with M, which is no hex digit: the two are never confused. */
const issuerSegment = /^\/((?:[0-9a-f]{2}){1,32})(?=\/|$)/;

/**
 * Takes a URL apart: `/ocsp[/<issuer id>][/<base64>]`. RFC 6960 A.1 has the base64 percent-encoded; clients send it raw
 * as well, with `/` and `+` in it, with one slash too many before it, or without its padding. The router's own decoding
 * is no help here (it would end a parameter at `/`), so this reads the URL as it came.
 *
 * @param url path and query, as the request line has it.
 */
export function parseOcspUrl(url: string): OcspUrl {
  const path = (url.split('?', 1)[0] ?? '').slice(ocspPath.length);
  const issuerId = issuerSegment.exec(path)?.[1];
  const rest = issuerId === undefined ? path : path.slice(issuerId.length + 1);
  return { issuerId, request: decodeBase64(decodePercent(rest.replace(/^\/+/, ''))) };
}

/** True for URLs that {@link parseOcspUrl} reads. */
export function isOcspUrl(url: string): boolean {
  return /^\/ocsp(?:[/?]|$)/.test(url);
}

/** Octets of base64 are ASCII, so each `%XX` is one character. Whatever else has a percent sign is left, and is no base64. */
function decodePercent(text: string): string {
  return text.replace(/%([0-7][0-9a-f])/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

function decodeBase64(text: string): Uint8Array | undefined {
  const digits = text.replace(/={0,2}$/, '');
  if (digits === '' || digits.length % 4 === 1 || !/^[A-Za-z0-9+/]+$/.test(digits)) return undefined;
  return Buffer.from(digits, 'base64');
}

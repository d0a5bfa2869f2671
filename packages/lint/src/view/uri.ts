/** RFC 3986 s3.1, with something after the colon. */
const absoluteUri = /^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>"{}|\\^`]+$/;

/** Whether `text` has a scheme, something after it, and no character that a URI cannot hold (RFC 3986 s2, s3). */
export function isAbsoluteUri(text: string): boolean {
  return absoluteUri.test(text);
}

/** The scheme in lower case; empty when there is none. */
export function schemeOf(uri: string): string {
  return uri.slice(0, Math.max(0, uri.indexOf(':'))).toLowerCase();
}

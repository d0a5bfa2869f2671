import { isProblemCode, type ProblemCode, problems } from './problems.ts';

/** What a {@link PkiError} carries beside its code and text; every member but the first three becomes an extra. */
export interface PkiErrorOptions {
  /** The member at fault, as a JSON path without the leading `$.`: `san_dns[2]`, `csr`. */
  readonly field?: string | undefined;
  /** What the caller should do about it, where that of the code is too general: one sentence. */
  readonly advice?: string | undefined;
  /** What was caught; it stays in the log. */
  readonly cause?: unknown;
  /** JSON values in camelCase, snake_case on the wire: `retryAfterSeconds`, `dropCandidate`. */
  readonly [extra: string]: unknown;
}

/** A refusal or failure with a stable code. The domain throws it and knows no HTTP; {@link toProblem} gives it a status. */
export class PkiError extends Error {
  override readonly name = 'PkiError';
  readonly code: ProblemCode;
  readonly field: string | undefined;
  /** What the caller should do about it; `undefined`: what the table says of the code. */
  readonly advice: string | undefined;
  /** Further facts for the caller, JSON values with names in camelCase. */
  readonly extra: Readonly<Record<string, unknown>>;

  constructor(code: ProblemCode, detail: string, options: PkiErrorOptions = {}) {
    const { field, advice, cause, ...extra } = options;
    super(detail, cause === undefined ? undefined : { cause });
    this.code = code;
    this.field = field;
    this.advice = advice;
    this.extra = extra;
  }
}

/** An `application/problem+json` body (RFC 9457 s3) with our extension members. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly code: string;
  readonly field?: string;
  readonly advice?: string;
  readonly request_id: string;
  readonly [extra: string]: unknown;
}

/**
 * Turns whatever was thrown into the body that may leave the house.
 * Anything but a {@link PkiError} becomes `serverInternal` without text, to be found in the log by `requestId`.
 */
export function toProblem(error: unknown, requestId: string): Problem {
  const code = error instanceof PkiError ? error.code : 'serverInternal';
  const { type, title, status, exposesDetail, advice } = problems[code];
  const exposed = exposesDetail && error instanceof PkiError ? error : undefined;
  return {
    ...(exposed && renameMembers(exposed.extra, toSnakeCase)),
    type,
    title,
    status,
    ...(exposed && { detail: exposed.message }),
    code,
    ...(exposed?.field !== undefined && { field: exposed.field }),
    advice: exposed?.advice ?? advice,
    request_id: requestId,
  };
}

/**
 * Rebuilds, on the client's side, the error that the server threw.
 *
 * A code that this version does not know becomes the generic one of its status, and its text is kept as `extra.unknownCode`;
 * so does an answer that is no problem document at all (a proxy's, say).
 * @param body parsed JSON, or whatever came instead
 * @param httpStatus status of the response, used when the body names none
 */
export function fromProblem(body: unknown, httpStatus = 500): PkiError {
  const { type: _type, title, status, detail, code, field, advice, ...extra } = asRecord(body);
  const known = isProblemCode(code) ? code : genericCode(typeof status === 'number' ? status : httpStatus);
  return new PkiError(known, firstText(detail, title) ?? problems[known].title, {
    ...renameMembers(extra, toCamelCase),
    ...(typeof code === 'string' && code !== known && { unknownCode: code }),
    ...(typeof field === 'string' && { field }),
    ...(typeof advice === 'string' && { advice }),
  });
}

/** A status nobody listed is treated as the x00 of its class (RFC 9110 s15). */
function genericCode(status: number): ProblemCode {
  const byStatus: Readonly<Record<number, ProblemCode>> = {
    401: 'unauthorized',
    403: 'forbidden',
    404: 'notFound',
    405: 'methodNotAllowed',
    406: 'notAcceptable',
    408: 'requestTimeout',
    409: 'conflict',
    413: 'payloadTooLarge',
    415: 'unsupportedMediaType',
    422: 'idempotencyMismatch',
    429: 'rateLimited',
    431: 'headersTooLarge',
    502: 'notReady',
    503: 'notReady',
    504: 'notReady',
  };
  return byStatus[status] ?? (status >= 400 && status < 500 ? 'malformed' : 'serverInternal');
}

function asRecord(body: unknown): Readonly<Record<string, unknown>> {
  return typeof body === 'object' && body !== null && !Array.isArray(body) ? { ...body } : {};
}

function firstText(...candidates: readonly unknown[]): string | undefined {
  return candidates.find((candidate) => typeof candidate === 'string' && candidate !== '') as string | undefined;
}

function renameMembers(members: Readonly<Record<string, unknown>>, rename: (name: string) => string) {
  return Object.fromEntries(Object.entries(members).map(([name, value]) => [rename(name), value]));
}

function toSnakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function toCamelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

import { fromProblem, PkiError, type Problem, type ProblemCode, toProblem } from '@vcc-pki/api/without-schemas';

/** An answer of the server that is a problem: the error that the server threw, with the document as it came. */
export class ServerRefusal extends PkiError {
  readonly problem: Problem;
  /** HTTP status of the answer. */
  readonly statusCode: number;

  /**
   * @param document what the server sent, when it was JSON
   * @param retryAfterSeconds of the header Retry-After, when the document does not say it
   */
  constructor(document: unknown, statusCode: number, retryAfterSeconds?: number) {
    const { code, message, field, extra } = fromProblem(document, statusCode);
    super(code, message, { ...(retryAfterSeconds !== undefined && { retryAfterSeconds }), ...extra, field });
    this.statusCode = statusCode;
    this.problem = isProblem(document) ? document : toProblem(this, '');
  }

  /** Nothing was issued or changed, and the same request will be refused again. */
  get isFinal(): boolean {
    return !repeatable.has(this.code);
  }

  /** How long the server asks to wait, or undefined. */
  get retryAfterMs(): number | undefined {
    const seconds = this.extra['retryAfterSeconds'];
    return typeof seconds === 'number' && seconds >= 0 ? seconds * 1000 : undefined;
  }
}

/** What may go better the next time, or whose outcome is not known (docs/errors.md, "repeat as it is?"). */
const repeatable: ReadonlySet<ProblemCode> = new Set([
  'requestTimeout',
  'conflict',
  'rateLimited',
  'serverInternal',
  'notReady',
]);

function isProblem(document: unknown): document is Problem {
  return typeof document === 'object' && document !== null && 'code' in document && typeof document.code === 'string';
}

import { type PkiError, type Problem, type ProblemCode, toProblem } from '@vcc-pki/api';

/** An answer of the server that is a problem, with the document as it came. */
export class ServerRefusal extends Error {
  override readonly name = 'ServerRefusal';
  /** The error rebuilt from the document. */
  readonly error: PkiError;
  readonly problem: Problem;

  /** @param document what the server sent, when it was JSON */
  constructor(error: PkiError, document: Problem | undefined) {
    super(error.message, { cause: error });
    this.error = error;
    this.problem = typeof document?.code === 'string' ? document : toProblem(error, '');
  }

  /** Nothing was issued or changed, and the same request will be refused again. */
  get isFinal(): boolean {
    return !repeatable.has(this.error.code);
  }
}

/** What may go better the next time, or whose outcome is not known (docs/errors.md, "repeat as it is?"). */
const repeatable: ReadonlySet<ProblemCode> = new Set(['conflict', 'rateLimited', 'serverInternal', 'notReady']);

import type { Binding } from '../ciphertext/record-header.ts';
import { type SuiteName, streamSuite, suites } from '../ciphertext/suites.ts';

/** How the records of a field are made and which are accepted. */
export interface FieldPolicy {
  /**
   * What a record is bound to: `document` refuses one that was copied from another document, `row` also an older one of the
   * same document, `field` neither. A record that is bound to less or more than this is refused.
   */
  readonly binding: Binding;
  readonly suite: SuiteName;
  /** Suites that are read beside {@link suite}: while records are re-encrypted under another one. */
  readonly acceptedSuites: readonly SuiteName[];
  /** Lets {@link suite} and {@link acceptedSuites} name a cipher that is not AES, which neither BSI TR-02102 nor FIPS allows. */
  readonly allowNonAes: boolean;
  /** Lets a record be encrypted once more. */
  readonly allowNested: boolean;
}

/** The strict one, for every field of which nothing else is said. */
const strictPolicy: FieldPolicy = {
  binding: 'document',
  suite: 'KC-XAES-256-GCM/KC32',
  acceptedSuites: [],
  allowNonAes: false,
  allowNested: false,
};

/** @throws TypeError when the parts contradict each other */
export function buildPolicy(...parts: readonly (Partial<FieldPolicy> | undefined)[]): FieldPolicy {
  const policy: FieldPolicy = Object.assign({}, strictPolicy, ...parts);
  const { kind } = suites[policy.suite];
  if ([policy.suite, ...policy.acceptedSuites].includes(streamSuite))
    throw new TypeError('a stream is encrypted by encryptStream, under no policy of records');
  const foreign = [policy.suite, ...policy.acceptedSuites].find((suite) => suites[suite].kind === 'nonAes');
  if (foreign !== undefined && !policy.allowNonAes) {
    throw new TypeError(`${foreign} is not AES: a field that may use it says so by allowNonAes`);
  }
  if (kind === 'deterministic' && policy.binding !== 'field') {
    // Bound to its document, no two records would be equal.
    throw new TypeError("AES-256-SIV is for equality: it needs the binding 'field'");
  }
  return policy;
}

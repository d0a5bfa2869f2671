import assert from 'node:assert/strict';
import {
  type CertificationPathRequest,
  PathError,
  type PathErrorCode,
  type VerifiedPath,
  verifyCertificationPath,
} from '@vcc-pki/x509';
import { now, type TestEntity } from './test-ca.ts';

/** A request as tests write it: entities in place of DER. */
export interface TestRequest
  extends Partial<Omit<CertificationPathRequest, 'endEntity' | 'intermediates' | 'trustAnchors'>> {
  readonly leaf: TestEntity;
  readonly intermediates?: readonly TestEntity[];
  readonly anchors: readonly TestEntity[];
}

export function verify({ leaf, intermediates = [], anchors, ...rest }: TestRequest): Promise<VerifiedPath> {
  return verifyCertificationPath({
    at: now,
    ...rest,
    endEntity: leaf.der,
    intermediates: intermediates.map(({ der }) => der),
    trustAnchors: anchors.map(({ der }) => der),
  });
}

/** Asserts that the path is refused, by which code and for which certificate. */
export async function assertRefused(request: TestRequest, code: PathErrorCode, index?: number): Promise<PathError> {
  const error = await verify(request).then(
    () => assert.fail(`accepted, not ${code}`),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof PathError, String(error));
  assert.equal(error.code, code, error.message);
  if (index !== undefined) assert.equal(error.index, index, error.message);
  return error;
}

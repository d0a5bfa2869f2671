import assert from 'node:assert/strict';
import { PkiError } from '../../packages/api/src/index.ts';

/** How each promise ended: `ok`, the code of a refusal, or `failure`. */
export async function outcomesOf(promises: readonly Promise<unknown>[]): Promise<string[]> {
  const settled = await Promise.allSettled(promises);
  return settled.map((result) => (result.status === 'fulfilled' ? 'ok' : nameOf(result.reason)));
}

function nameOf(error: unknown): string {
  if (error instanceof PkiError) return error.code;
  return 'failure';
}

/** For `assert.rejects`: a refusal with that code, and at least these members (`field`, or an extra). */
export function isProblem(code: string, members: Readonly<Record<string, unknown>> = {}): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof PkiError, String(error));
    assert.equal(error.code, code);
    const { field, ...extra } = members;
    if (field !== undefined) assert.equal(error.field, field);
    for (const [name, value] of Object.entries(extra)) assert.deepEqual(error.extra[name], value, name);
    return true;
  };
}

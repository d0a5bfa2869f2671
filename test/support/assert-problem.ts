import assert from 'node:assert/strict';
import { type ProblemCode, problems } from '@vcc-pki/api';
import type { Answer } from './call-api.ts';

/** Holds an answer to the problem table: media type, status, code, and the field where one is expected. */
export function assertProblem(answer: Answer, code: ProblemCode, field?: string): void {
  assert.match(`${answer.headers['content-type']}`, /^application\/problem\+json/, answer.text);
  const { body } = answer;
  assert.equal(body['code'], code, answer.text);
  const { type, title, status } = problems[code];
  assert.deepEqual([body['type'], body['title'], body['status'], answer.status], [type, title, status, status]);
  assert.match(`${body['request_id']}`, /^[0-9a-f-]{36}$/);
  if (field !== undefined) assert.equal(body['field'], field, answer.text);
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromProblem, PkiError, toProblem } from './pki-error.ts';
import { problemCodes, problems } from './problems.ts';

test('every code has a stable type, an error status and advice', () => {
  for (const code of problemCodes) {
    const problem = problems[code];
    assert.equal(problem.type, `urn:vcc:pki:problem:${code}`);
    assert.ok(problem.status >= 400 && problem.status < 600, code);
    assert.ok(problem.title.length > 0 && problem.advice.length > 0, code);
  }
});

test('our own failures and the reasons against a token hide their detail', () => {
  assert.deepEqual(
    problemCodes.filter((code) => !problems[code].exposesDetail),
    ['enrolmentRefused', 'serverInternal'],
  );
});

test('a PkiError becomes a problem with its field and its extras in snake_case', () => {
  const error = new PkiError('rateLimited', 'Wait.', { field: 'csr', retryAfterSeconds: 12 });
  assert.deepEqual(toProblem(error, 'req-1'), {
    type: 'urn:vcc:pki:problem:rateLimited',
    title: problems.rateLimited.title,
    status: 429,
    detail: 'Wait.',
    code: 'rateLimited',
    field: 'csr',
    advice: problems.rateLimited.advice,
    request_id: 'req-1',
    retry_after_seconds: 12,
  });
});

test('an extra cannot replace a member of RFC 9457', () => {
  const problem = toProblem(new PkiError('notFound', 'No.', { status: 200, requestId: 'forged', type: 'x' }), 'req-2');
  assert.equal(problem.status, 404);
  assert.equal(problem.request_id, 'req-2');
  assert.equal(problem.type, problems.notFound.type);
});

test('an unknown error and a serverInternal one leave without text, field or extras', () => {
  const secret = 'passphrase hunter2';
  for (const thrown of [new Error(secret), new PkiError('serverInternal', secret, { field: secret, secret }), secret]) {
    const problem = toProblem(thrown, 'req-3');
    assert.equal(problem.code, 'serverInternal');
    assert.doesNotMatch(JSON.stringify(problem), /hunter2/);
  }
});

test('the cause stays with the error and off the wire', () => {
  const cause = new Error('inner');
  const error = new PkiError('badCSR', 'Outer.', { cause });
  assert.equal(error.cause, cause);
  assert.doesNotMatch(JSON.stringify(toProblem(error, 'r')), /inner/);
});

test('property: a problem survives the wire', () => {
  const extras = fc.dictionary(fc.stringMatching(/^x[a-z]{0,5}([A-Z][a-z]{1,5})?$/), fc.jsonValue());
  fc.assert(
    fc.property(fc.constantFrom(...problemCodes), fc.string({ minLength: 1 }), extras, (code, detail, extra) => {
      const sent = new PkiError(code, detail, { field: 'csr', ...extra });
      const received = fromProblem(JSON.parse(JSON.stringify(toProblem(sent, 'r'))));
      assert.equal(received.code, code);
      if (!problems[code].exposesDetail) return;
      assert.equal(received.message, detail);
      assert.equal(received.field, 'csr');
      assert.deepEqual(received.extra, JSON.parse(JSON.stringify({ ...extra, requestId: 'r' })));
    }),
  );
});

test('a code from a newer server falls back to its status and is kept as text', () => {
  const error = fromProblem({ code: 'fromTheFuture', status: 409, detail: 'New.' });
  assert.equal(error.code, 'conflict');
  assert.equal(error.message, 'New.');
  assert.equal(error.extra['unknownCode'], 'fromTheFuture');
});

test('what is no problem document is judged by the HTTP status', () => {
  assert.equal(fromProblem('<html>Bad Gateway</html>', 502).code, 'notReady');
  assert.equal(fromProblem(undefined, 418).code, 'malformed');
  assert.equal(fromProblem([1, 2]).code, 'serverInternal');
  assert.equal(fromProblem({ code: 'constructor' }, 404).code, 'notFound');
});

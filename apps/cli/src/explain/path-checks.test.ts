import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pathErrorCodes } from '@vcc-pki/x509';
import { adviceFor } from './path-advice.ts';
import { allPathChecks, checkOf } from './path-checks.ts';

for (const code of pathErrorCodes) {
  test(`"${code}" has a check that fails with it, and advice`, () => {
    assert.ok(checkOf(code).codes.includes(code));
    assert.match(adviceFor(code, false), /^[A-Z].{20,}\.$/s);
  });
}

test('every check fails with codes of the judge only, and says where its rule stands', () => {
  for (const { codes, section, title } of allPathChecks) {
    for (const code of codes) assert.ok(pathErrorCodes.includes(code), code);
    assert.match(section, /^RFC \d+ s/);
    assert.ok(title.length > 0);
  }
});

test('who is signed by itself is told to be trusted with --ca, everybody else to look for the issuer', () => {
  assert.match(adviceFor('unknownIssuer', true), /--ca/);
  assert.notEqual(adviceFor('unknownIssuer', true), adviceFor('unknownIssuer', false));
  assert.equal(adviceFor('expired', true), adviceFor('expired', false));
});

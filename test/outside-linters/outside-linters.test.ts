// Linters that know nothing of us over one of every kind of object that we issue: no error that is not listed, with its
// reason, in exceptions.json; and what is listed must still occur.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { encodeBasicConstraints } from '@vcc-pki/x509';
import { TestCa } from '../../packages/x509/test/support/test-ca.ts';
import { setKeys } from '../support/configure.ts';
import { sharedPki } from '../support/shared-pki.ts';
import { skipWithout } from '../support/system-program.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import exceptions from './exceptions.json' with { type: 'json' };
import { type Exception, keyOf } from './finding.ts';
import { type IssuedObject, issuedObjects } from './issued-objects.ts';
import { pkilint, pkilintPrograms } from './pkilint.ts';
import { zlint } from './zlint.ts';

const linters = {
  pkilint: { lint: pkilint, skip: skipWithout(...pkilintPrograms) },
  zlint: { lint: zlint, skip: skipWithout('zlint') },
} as const;

/** Of the objects that are linted; at least. */
const kinds = 17;

describe('linters of others judge what leaves the house', () => {
  // A public name in URLs, as in production: linters do not take localhost for one.
  const pki = sharedPki(() => ({ configure: setKeys({ public_url: 'http://pki.vcc.local' }) }));
  let made: Promise<IssuedObject[]> | undefined;
  const objects = (): Promise<IssuedObject[]> => (made ??= issuedObjects(pki()));

  for (const [name, { lint, skip }] of Object.entries(linters)) {
    test(`${name} finds no error but those that are excepted, and all of those`, { skip }, async (t) => {
      const folder = await temporaryDirectory(t);
      const excepted = new Set(exceptionKeys(name));
      const expected = new Set(excepted);
      const unexpected: string[] = [];
      const all = await objects();
      assert.ok(all.length >= kinds);
      for (const object of all) {
        for (const finding of await lint(object, folder)) {
          const key = keyOf(finding, object.kind);
          expected.delete(key);
          if (!excepted.has(key)) unexpected.push(`${key}: ${finding.detail}`);
        }
      }
      assert.deepEqual(unexpected, [], 'errors without an exception');
      assert.deepEqual([...expected], [], 'exceptions that do not occur any more');
    });

    test(`${name} does find a fault when there is one`, { skip }, async (t) => {
      const findings = await lint(faultyCa(), await temporaryDirectory(t));
      assert.ok(
        findings.some(({ rule }) => /basic_constraints.*not_critical/.test(rule)),
        JSON.stringify(findings),
      );
    });
  }

  test('every exception has its reason and names kinds that exist', async () => {
    const known = new Set((await objects()).map(({ kind }) => kind));
    for (const { reason, kinds: named, rule } of exceptions as readonly Exception[]) {
      assert.match(reason, /^private PKI: .{20}/, rule);
      for (const kind of named) assert.ok(known.has(kind), `${rule}: ${kind}`);
    }
  });
});

function exceptionKeys(linter: string): string[] {
  return (exceptions as readonly Exception[])
    .filter((exception) => exception.linter === linter)
    .flatMap((exception) => exception.kinds.map((kind) => keyOf(exception, kind)));
}

/** A CA whose basicConstraints is not critical, against RFC 5280 s4.2.1.9. */
function faultyCa(): IssuedObject {
  const basicConstraints = { value: encodeBasicConstraints({ cA: true }), critical: false };
  const { der } = TestCa.root('Root', { extensions: { basicConstraints } });
  return { kind: 'faulty', form: 'certificate', der };
}

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { rules } from '@vcc-pki/lint';
import { fixtures } from './breaking/index.ts';
import { lintFixture } from './fixture.ts';

const byId = (a: string, b: string): number => a.localeCompare(b);
/** The folder of a rule under src/rules, as its id spells it. */
const authorityOf = (id: string): string => /^(cab_br|der|[a-z0-9]+)_/.exec(id)?.[1] ?? id;

describe('each fixture breaks exactly the rules it names', () => {
  for (const authority of new Set(rules.map(({ id }) => authorityOf(id)))) {
    describe(authority, () => {
      for (const fixture of fixtures.filter(({ breaks }) => authorityOf(breaks[0] ?? '') === authority)) {
        test(`${fixture.breaks.join(' + ')}: ${fixture.what}`, () => {
          const found = lintFixture(fixture).map(({ ruleId }) => ruleId);
          assert.deepEqual(found.toSorted(byId), fixture.breaks.toSorted(byId));
        });
      }
    });
  }
});

test('every rule has a fixture, and every fixture a rule', () => {
  const broken = new Set(fixtures.flatMap(({ breaks }) => breaks));
  assert.deepEqual([...broken].toSorted(byId), rules.map(({ id }) => id).toSorted(byId));
});

test('every rule but one can be broken alone', () => {
  const alone = new Set(fixtures.filter(({ breaks }) => breaks.length === 1).flatMap(({ breaks }) => breaks));
  const never = rules.map(({ id }) => id).filter((id) => !alone.has(id));
  // An encoded v1 needs a v1 certificate, which must not have the extensions that every other rule wants to see.
  assert.deepEqual(never, ['x690_version_default_omitted']);
});

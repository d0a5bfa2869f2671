import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Value } from 'typebox/value';
import { type ProblemCode, problemCodes, problems } from './problems.ts';
import { everyRouteProblems } from './routes/route.ts';
import { type Route, routeList } from './routes.ts';
import { ProblemBody } from './schemas/problem.ts';

/** The sections of a page under headings of the given level, by heading. */
function sections(page: string, level: '##' | '###'): ReadonlyMap<string, string> {
  const text = readFileSync(new URL(`../../../docs/${page}`, import.meta.url), 'utf8');
  const [, ...parts] = text.split(new RegExp(`^${level} `, 'm'));
  return new Map(parts.map((part) => [part.slice(0, part.indexOf('\n')), part]));
}

function codeSpans(text: string): string[] {
  return [...text.matchAll(/`([^`\n]+)`/g)].map((match) => match[1] ?? '');
}

/** What follows a bold label, up to the next label or line. */
function labelled(section: string, label: string): string[] {
  const [, rest = ''] = section.split(`**${label}**`);
  return codeSpans(rest.split(/\*\*|\n/)[0] ?? '');
}

const errorSections = sections('errors.md', '##');
const routeSections = sections('api.md', '###');

test('errors.md documents every code in the order of the table, and no other', () => {
  assert.deepEqual([...errorSections.keys()], [...problemCodes]);
});

test('every code has what happened, what to do and an example that is what the server sends', () => {
  for (const [code, section] of errorSections) {
    assert.match(section, /\*\*What happened\.\*\* \S/, code);
    assert.match(section, /\*\*What to do\.\*\* \S/, code);
    const { type, title, status, advice, exposesDetail } = problems[code as ProblemCode];
    const example: unknown = JSON.parse(/```json\n([\s\S]*?)```/.exec(section)?.[1] ?? 'null');
    assert.deepEqual(Value.Errors(ProblemBody, example), [], code);
    // These two are about many things, and an answer speaks of the one that was meant.
    const isGeneral = code !== 'notFound' && code !== 'forbidden';
    assert.partialDeepStrictEqual(example, { type, title, status, code, ...(isGeneral && { advice }) });
    assert.equal('detail' in (example as object), exposesDetail, code);
  }
});

test('the table of errors.md has every code with its status', () => {
  const text = readFileSync(new URL('../../../docs/errors.md', import.meta.url), 'utf8');
  const rows = [...text.matchAll(/^\| \[`(\w+)`\]\(#(\w+)\) \| (\d+) \|/gm)].map(([, ...cells]) => cells);
  assert.deepEqual(
    rows,
    problemCodes.map((code) => [code, code.toLowerCase(), String(problems[code].status)]),
  );
});

test('api.md documents every route, and no other', () => {
  assert.deepEqual([...routeSections.keys()].sort(), routeList.map((route) => `${route.method} ${route.path}`).sort());
});

function sectionOf(route: Route): string {
  return routeSections.get(`${route.method} ${route.path}`) ?? '';
}

test('every route in api.md has its summary, who may call it, its answers and its problems', () => {
  for (const route of routeList) {
    const section = sectionOf(route);
    assert.ok(section.includes(route.summary), route.operationId);
    assert.deepEqual(
      labelled(section, 'mTLS'),
      route.operation === undefined ? [] : [route.operation],
      route.operationId,
    );
    assert.equal(section.includes('**Open**'), route.auth === 'none', route.operationId);
    const json = route.response.schema ? ['application/json'] : [];
    assert.deepEqual(labelled(section, 'Answers'), [...json, ...(route.response.mediaTypes ?? [])], route.operationId);
    assert.ok(section.includes(`**Answers** ${route.response.status}:`), route.operationId);
    const own = route.problems.filter((code) => !everyRouteProblems.some((shared) => shared === code));
    assert.deepEqual(labelled(section, 'Problems:'), own, route.operationId);
    for (const alias of route.aliases ?? []) assert.ok(codeSpans(section).includes(alias), alias);
  }
});

test('every member of a request is in the table of its route, and nothing else', () => {
  for (const route of routeList) {
    const documented = [...sectionOf(route).matchAll(/^\| `([\w-]+)` \| (?:path|query|header|body)/gm)].map(
      (row) => row[1],
    );
    const members = [route.params, route.query, route.headers, route.body?.schema].flatMap(memberNames);
    assert.deepEqual(new Set(documented), new Set(members), route.operationId);
  }
});

function memberNames(schema: unknown): string[] {
  const { properties = {}, anyOf = [] } = (schema ?? {}) as { properties?: object; anyOf?: readonly unknown[] };
  return [...Object.keys(properties), ...anyOf.flatMap(memberNames)];
}

test('every route has a curl example of its own path', () => {
  for (const route of routeList) {
    const [, example = ''] = /```sh\n([\s\S]*?)```/.exec(sectionOf(route)) ?? [];
    const pattern = route.path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/"]+');
    assert.match(example, new RegExp(`curl [\\s\\S]*\\$PKI(?:_PUBLIC)?${pattern}`), route.operationId);
    assert.equal(example.includes('--cert '), route.auth === 'mtls', route.operationId);
  }
});

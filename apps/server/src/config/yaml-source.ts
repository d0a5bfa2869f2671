import { type Document, isMap, isPair, isScalar, isSeq, LineCounter, type Node, parseDocument, visit } from 'yaml';
import { type Finding, type FindingCode, formatPath } from './config-error.ts';

/** A place in a file, by keys and by positions in lists. */
export type KeyPath = readonly (string | number)[];

/** A YAML file that was read: its value, and where everything in it stands. */
export interface YamlSource {
  readonly file: string;
  /** Plain data; `{}` when the file has none. */
  readonly value: unknown;
  /** What the file itself got wrong; the value is of no use when there is a `syntax` among them. */
  readonly findings: readonly Finding[];
  /** Whether the file itself has the key, whatever the defaults are. */
  has(path: KeyPath): boolean;
  /** A finding at a value, or at its key; where neither is written, at the nearest place around it. */
  finding(code: FindingCode, path: KeyPath, message: string): Finding;
}

/** More than a whitelist of thousands of services has. */
export const maxConfigOctets = 1024 * 1024;

/** After these, the rest is most likely an echo. */
const maxSyntaxFindings = 5;

/**
 * Parses YAML 1.2 with the core schema: one document, keys that are text and unique, no aliases and no tags.
 * Nothing is thrown: what is wrong comes back as findings.
 */
export function parseYaml(file: string, text: string): YamlSource {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true, merge: false });
  const at = (offset: number): { line: number; column: number } => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const problems = [...findProblems(document)].map((problem): Finding => {
    const { code, path = [], message, offset } = problem;
    return { code, file, path: formatPath(path), message, ...at(offset) };
  });
  const broken = problems.some(({ code }) => code === 'syntax');
  return {
    file,
    value: broken ? {} : (document.toJS() ?? {}),
    findings: problems,
    has: (path) => !broken && document.hasIn(path),
    finding: (code, path, message) => {
      const node = nearestNode(document, path, code === 'unknownKey' ? 'key' : 'value');
      return { code, file, path: formatPath(path), message, ...at(node?.range?.[0] ?? 0) };
    },
  };
}

interface Problem {
  readonly code: 'syntax' | 'duplicateKey';
  readonly path?: KeyPath;
  readonly message: string;
  readonly offset: number;
}

function* findProblems(document: Document.Parsed): Generator<Problem> {
  const problems = [...document.errors, ...document.warnings];
  const isDuplicate = (problem: { code: string }): boolean => problem.code === 'DUPLICATE_KEY';
  const others = problems.filter((problem) => !isDuplicate(problem)).slice(0, maxSyntaxFindings);
  for (const { message, pos } of others) yield { code: 'syntax', message: `not YAML: ${message}`, offset: pos[0] };
  // Walking is safe only in what the parser accepted: it has a bound on depth, visit() has none.
  if (others.length > 0) return;
  for (const { pos } of problems.filter(isDuplicate)) {
    const message = 'the key stands here for the second time';
    yield { code: 'duplicateKey', path: pathOfKey(document, pos[0]), message, offset: pos[0] };
  }
  yield* findExtras(document);
}

/** The path of the key that begins at `offset`. */
function pathOfKey(document: Document.Parsed, offset: number): KeyPath {
  let found: KeyPath = [];
  visit(document, {
    Pair: (_key, pair, ancestors) => {
      if (!isScalar(pair.key) || pair.key.range?.[0] !== offset) return undefined;
      found = [...ancestors, pair].flatMap<string | number>((node, i, all) => {
        if (isPair(node) && isScalar(node.key)) return [String(node.key.value)];
        return isSeq(node) ? [node.items.indexOf(all[i + 1])] : [];
      });
      return visit.BREAK;
    },
  });
  return found;
}

/** Aliases let a small file become a large value, tags let text become other things; neither has a use here. */
function findExtras(document: Document.Parsed): Problem[] {
  const found: Problem[] = [];
  const report = (node: Node, message: string): void => {
    found.push({ code: 'syntax', message, offset: node.range?.[0] ?? 0 });
  };
  visit(document, {
    Alias: (_key, node) => report(node, 'aliases (*name) are not used here'),
    Value: (_key, node) => {
      if (node.tag !== undefined) report(node, `tags (${node.tag}) are not used here`);
    },
  });
  return found;
}

/** The deepest node on the way to `path` that the file has; for the last step its key or its value. */
function nearestNode(document: Document.Parsed, path: KeyPath, last: 'key' | 'value'): Node | undefined {
  let node: Node | undefined = document.contents ?? undefined;
  for (const [i, part] of path.entries()) {
    const pair: { key: unknown; value: unknown } | undefined = isMap(node)
      ? node.items.find(({ key }) => isScalar(key) && key.value === part)
      : isSeq(node)
        ? { key: node.items[Number(part)], value: node.items[Number(part)] }
        : undefined;
    if (pair === undefined) return node;
    const wanted = i === path.length - 1 && last === 'key' ? pair.key : (pair.value ?? pair.key);
    if (wanted === undefined) return node;
    node = wanted as Node;
  }
  return node;
}

import {
  type Certificate,
  commonName,
  formatName,
  type PathError,
  type RevocationSource,
  serialToHex,
} from '@vcc-pki/x509';
import type { CliContext } from '../context.ts';
import { describeKey } from '../inspect/key-description.ts';
import { factsText, printable, type Style, styled, tableText } from '../output.ts';
import { timeText, toTimestamp } from '../time-text.ts';
import { issuerAddresses } from './issuer-addresses.ts';
import type { CheckResult, Judgement } from './judgement.ts';
import { isSelfIssued } from './likely-path.ts';
import { adviceFor } from './path-advice.ts';

/** What the text needs beside the judgement. */
export interface ExplanationContext {
  readonly cli: CliContext;
  /** The time for which the path was judged: milliseconds since the epoch. */
  readonly at: number;
  /** The file that a certificate was read from. */
  readonly fileOf: (certificate: Certificate) => string;
}

/** Explains a judgement to people: the path as a tree, every check, and what would mend it or what it was accepted on. */
export function judgementText(judgement: Judgement, context: ExplanationContext): string {
  const outcome = judgement.error === undefined ? acceptedText(judgement, context) : refusedText(judgement, context);
  return [treeText(judgement, context), checksText(judgement.checks, context.cli), outcome].join('\n\n');
}

/** A certificate as people call it: its common name, or else its whole subject. */
function nameOf({ subject }: Certificate): string {
  return commonName(subject) ?? (formatName(subject) || '(no subject)');
}

function treeText(judgement: Judgement, context: ExplanationContext): string {
  const { certificates, isComplete } = judgement.path;
  if (certificates.length === 0) return 'the certificate cannot be parsed';
  const nodes = certificates.map((certificate, index) => nodeLines(certificate, index, judgement, context));
  const last = certificates.at(-1) as Certificate;
  if (!isComplete) nodes.push(missingLines(last));
  return nodes.reverse().map(branch).join('\n');
}

/** The lines of a node under the one above it. */
function branch(lines: readonly string[], depth: number): string {
  const indent = '   '.repeat(Math.max(0, depth - 1));
  const [first, rest] = depth === 0 ? ['', ''] : [`${indent}└─ `, `${indent}   `];
  return lines.map((line, i) => `${i === 0 ? first : rest}${printable(line)}`).join('\n');
}

function nodeLines(
  certificate: Certificate,
  index: number,
  { path, checks }: Judgement,
  { cli, at, fileOf }: ExplanationContext,
): string[] {
  const { notBefore, notAfter } = certificate.validity;
  const isRoot = path.isComplete && index === path.certificates.length - 1;
  const faults = failuresOf(checks).filter((error) => error.index === index);
  return [
    `${styled(cli, 'bold', formatName(certificate.subject) || '(no subject)')}  ${fileOf(certificate)}${isRoot ? ', trusted' : ''}`,
    `serial number ${serialToHex(certificate.serialNumber)}`,
    `valid ${toTimestamp(notBefore)} to ${timeText(toTimestamp(notAfter), at)}`,
    `key ${describeKey(certificate.subjectPublicKeyInfo.der).text}`,
    ...faults.map((error) => styled(cli, 'red', `fails: ${error.code}`)),
  ];
}

/** What stands above the last certificate that is at hand. */
function missingLines(subject: Certificate): string[] {
  const name = formatName(subject.issuer) || '(no name)';
  if (isSelfIssued(subject)) return [`${name}  vouches for itself and is not trusted`];
  return [`${name}  is not at hand`, ...issuerAddresses(subject).map((address) => `to be had at ${address}`)];
}

const styleOfResult: Readonly<Record<CheckResult['result'], Style>> = { ok: 'green', failed: 'red', skipped: 'dim' };

function checksText(checks: readonly CheckResult[], cli: CliContext): string {
  const rows = checks.map((outcome) => [
    outcome.check.title,
    styled(cli, styleOfResult[outcome.result], outcome.result),
    outcome.check.section,
    remarkOn(outcome),
  ]);
  return tableText(['check', 'result', 'rule', ''], rows);
}

function remarkOn(outcome: CheckResult): string {
  if (outcome.result === 'failed') return outcome.error.code;
  return outcome.result === 'skipped' ? outcome.reason : '';
}

function acceptedText({ verified, path }: Judgement, { at }: ExplanationContext): string {
  const [leaf, root] = [path.certificates[0], path.certificates.at(-1)].map((one) => (one ? nameOf(one) : ''));
  return factsText([
    ['verified', `${leaf} leads to ${root}, at ${toTimestamp(at)}`],
    ...(verified?.revocation ?? []).map(({ index, status, sources }, i): [string, string] => [
      i === 0 ? 'revocation' : '',
      `${nameOf(path.certificates[index] as Certificate)}: ${[statusWords[status], ...sources.map(sourceText)].join('; ')}`,
    ]),
    ['policies', verified?.policies.join(', ')],
  ]);
}

const statusWords = {
  good: 'not revoked',
  notRevocable: 'nothing is published about it, by design',
  notChecked: 'not looked up',
} as const;

function sourceText(source: RevocationSource): string {
  const span = `${toTimestamp(source.thisUpdate)} to ${toTimestamp(source.nextUpdate)}`;
  if (source.type === 'ocsp') return `OCSP response of ${span}`;
  const number = source.crlNumber === undefined ? '' : ` number ${source.crlNumber}`;
  return `${source.type === 'deltaCrl' ? 'delta CRL' : 'CRL'}${number} of ${span}`;
}

function refusedText({ checks, path }: Judgement, { cli }: ExplanationContext): string {
  return failuresOf(checks)
    .map((error) => {
      const subject = path.certificates[error.index];
      const heading = `${error.code}${subject ? `, ${nameOf(subject)}` : ''}: ${error.message}`;
      return [
        styled(cli, 'red', printable(heading)),
        `  rule    ${error.section}`,
        `  remedy  ${adviceFor(error.code, subject !== undefined && isSelfIssued(subject))}`,
      ].join('\n');
    })
    .join('\n');
}

function failuresOf(checks: readonly CheckResult[]): PathError[] {
  return checks.flatMap((outcome) => (outcome.result === 'failed' ? [outcome.error] : []));
}

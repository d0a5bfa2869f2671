import type { Finding } from '@vcc-pki/lint';
import type { CliContext } from '../context.ts';
import { factsText, printable, styled, tableText } from '../output.ts';
import type { ExtensionDescription } from './describe-extensions.ts';
import type { Description, DescriptionTable, Fact } from './description.ts';

/** Tells people what a file holds, one thing after another. */
export function inspectionText(descriptions: readonly Description[], context: CliContext): string {
  return descriptions
    .map((description, i) => {
      const number = descriptions.length === 1 ? '' : `${i + 1} of ${descriptions.length}: `;
      return [
        styled(context, 'bold', printable(`${number}${description.title}`)),
        ...sections(description, context),
      ].join('\n');
    })
    .join('\n\n');
}

function sections(description: Description, context: CliContext): string[] {
  const { facts, extensions = [], table, findings } = description;
  return [
    ...(facts.length === 0 ? [] : [indented(factsText(facts))]),
    ...(extensions.length === 0 ? [] : ['  extensions', indented(indented(extensionsText(extensions)))]),
    ...(table === undefined || table.rows.length === 0
      ? []
      : [`  ${table.title}`, indented(indented(rowsText(table)))]),
    ...(findings === undefined ? [] : findingsSection(findings, context)),
  ];
}

function extensionsText(extensions: readonly ExtensionDescription[]): string {
  return factsText(
    extensions.flatMap(({ name, critical, lines }) =>
      lines.map((line, i): Fact => [i > 0 ? '' : critical ? `${name} (critical)` : name, line]),
    ),
  );
}

function rowsText({ head, rows, omitted }: DescriptionTable): string {
  const text = tableText(head, rows);
  return omitted === 0 ? text : `${text}\nand ${omitted} more; --limit shows them`;
}

function findingsSection(findings: readonly Finding[], context: CliContext): string[] {
  if (findings.length === 0) return ['  no findings'];
  return ['  findings', indented(indented(findingsText(findings, context)))];
}

function findingsText(findings: readonly Finding[], context: CliContext): string {
  return factsText(
    findings.map(({ severity, message, source, ruleId }) => [
      severity === 'error' ? styled(context, 'red', 'error') : styled(context, 'yellow', 'warn '),
      `${message} (${source}; ${ruleId})`,
    ]),
  );
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}

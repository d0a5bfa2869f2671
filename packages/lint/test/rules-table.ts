import { type RuleDescription, rules } from '@vcc-pki/lint';

/** The table of all rules in docs/lint.md, Markdown, from its heading row to its last line break. */
export function rulesTable(): string {
  const rows = rules.map(({ id, source, severity, appliesTo, text }: RuleDescription) =>
    row(`\`${id}\``, source, severity, appliesTo.join(', '), text),
  );
  return [row('id', 'source', 'severity', 'applies to', 'requirement'), row('---', '---', '---', '---', '---'), ...rows]
    .map((line) => `${line}\n`)
    .join('');
}

function row(...cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

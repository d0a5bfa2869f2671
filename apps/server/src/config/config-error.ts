/** What is wrong with one place of a configuration file; stable, for `switch`. */
export type FindingCode =
  | 'missingFile'
  | 'tooLarge'
  | 'syntax'
  | 'duplicateKey'
  | 'unknownKey'
  | 'missingKey'
  | 'badValue'
  | 'conflict';

/** One thing to mend, and where. */
export interface Finding {
  readonly code: FindingCode;
  /** As the caller named the PKI directory: relative if that was. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** `service_certificates.default_validity_days`, `services[2].allowed_ips[0]`; empty for the file itself. */
  readonly path: string;
  /** What was found and what is allowed. */
  readonly message: string;
}

/** A configuration that is not used, with everything that is wrong with it, in the order of files and lines. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly findings: readonly Finding[];

  constructor(findings: readonly Finding[]) {
    super(findings.map(formatFinding).join('\n'));
    this.findings = findings;
  }
}

/** One line for terminals and editors, which jump to `file:line:column`. */
export function formatFinding({ file, line, column, path, message }: Finding): string {
  return `${file}:${line}:${column}  ${path === '' ? '' : `${path}: `}${message}`;
}

/** `['services', 2, 'key']` as it is written for people: `services[2].key`. */
export function formatPath(path: readonly (string | number)[]): string {
  return path.map((part, i) => (typeof part === 'number' ? `[${part}]` : i === 0 ? part : `.${part}`)).join('');
}

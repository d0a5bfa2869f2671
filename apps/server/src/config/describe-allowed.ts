/** The keywords of JSON Schema that the configuration uses, and `expects`, which puts a pattern into words. */
interface Rules {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxItems?: number;
  readonly expects?: string;
  readonly items?: Rules;
  readonly properties?: Readonly<Record<string, unknown>>;
}

/** Says in words what a key may hold. */
export function describeAllowed(schema: object): string {
  const rules: Rules = schema;
  if (rules.expects !== undefined) return rules.expects;
  if (rules.const !== undefined) return `only ${rules.const}`;
  if (rules.enum !== undefined) return rules.enum.length === 1 ? `only ${rules.enum[0]}` : rules.enum.join(', ');
  switch (rules.type) {
    case 'integer':
      return `a whole number from ${rules.minimum} to ${rules.maximum}`;
    case 'boolean':
      return 'true or false';
    case 'array':
      return `a list of at most ${rules.maxItems}, each ${describeAllowed(rules.items ?? {})}`;
    case 'object':
      return `keys with values: ${Object.keys(rules.properties ?? {}).join(', ')}`;
    default:
      return 'text';
  }
}

/** Says in words what stands there instead; long texts are cut, and passwords in URLs are left out. */
export function describeFound(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'keys with values';
  const written = JSON.stringify(value).replace(/\/\/[^@/]*@/g, '//…@');
  return written.length > 80 ? `${written.slice(0, 80)}…` : written;
}

import type { Static, TSchema } from 'typebox';
import { checkValues } from './check-values.ts';
import { ConfigError } from './config-error.ts';
import { loadYaml } from './load-yaml.ts';
import type { YamlSource } from './yaml-source.ts';

/**
 * Loads a file and checks all of it against its schema.
 * @param advice what to do when there is no such file
 * @returns its values over the defaults of the schema, and where they stand
 * @throws ConfigError with everything that is wrong, with file, line and column; of a file that is not there with that alone
 */
export async function loadChecked<T extends TSchema>(
  schema: T,
  file: string,
  advice: string,
): Promise<{ readonly value: Static<T>; readonly source: YamlSource }> {
  const source = await loadYaml(file, advice);
  if (source.findings.some(({ code }) => code === 'missingFile')) throw new ConfigError(source.findings);
  const checked = checkValues(schema, source);
  const findings = [...source.findings, ...checked.findings];
  if (findings.length > 0 || !('value' in checked)) throw new ConfigError(findings);
  return { value: checked.value, source };
}

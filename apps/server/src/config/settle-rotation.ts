import { isDeepStrictEqual } from 'node:util';
import type { Finding } from './config-error.ts';
import { describeFound } from './describe-allowed.ts';
import type { ConfigFileName, ConfigFileValues } from './schemas/index.ts';
import type { KeyPath, YamlSource } from './yaml-source.ts';

export type RotationValues = ConfigFileValues['rotation_policy.yaml']['rotation_policy'];

/**
 * The mission names each rotation setting in two files. They are one setting, valid wherever it is written; written in
 * both with two values, it is a finding: which of them was meant, only the operator knows.
 */
export function settleRotation(
  values: ConfigFileValues,
  sources: Readonly<Record<ConfigFileName, YamlSource>>,
): { rotation: RotationValues; findings: Finding[] } {
  const { rotation, service_certificates } = values['pki_config.yaml'];
  const general: RotationValues = { ...rotation, renew_before_expiry_days: service_certificates.renew_before_days };
  const policy = values['rotation_policy.yaml'].rotation_policy;
  const [generalSource, policySource] = [sources['pki_config.yaml'], sources['rotation_policy.yaml']];
  const settled: RotationValues = { ...general };
  const findings: Finding[] = [];
  for (const key of Object.keys(policy) as (keyof RotationValues)[]) {
    const [there, here] = [generalPath(key), ['rotation_policy', key]];
    if (!policySource.has(here)) continue;
    Object.assign(settled, { [key]: policy[key] });
    if (!generalSource.has(there) || isDeepStrictEqual(policy[key], general[key])) continue;
    const other = generalSource.finding('conflict', there, describeFound(general[key]));
    const place = `${other.path} at ${other.file}:${other.line}`;
    const message = `${describeFound(policy[key])} differs from ${place}; the two are one setting: write the same, or one of them`;
    findings.push(policySource.finding('conflict', here, message));
  }
  return { rotation: settled, findings };
}

function generalPath(key: keyof RotationValues): KeyPath {
  return key === 'renew_before_expiry_days' ? ['service_certificates', 'renew_before_days'] : ['rotation', key];
}

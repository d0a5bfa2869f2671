import { join } from 'node:path';
import type { CamelCased } from '@vcc-pki/server/config-file';
import type { OutputConfig, ReloadAction } from '../config/agent-config.ts';
import type { AgentFile } from '../config/agent-schema.ts';
import { type Adapter, adapters, defaultReload } from './adapter.ts';

type OutputValues = CamelCased<AgentFile>['certificates'][number]['outputs'][number];

/** Lays what agent.yaml says about an output over what its adapter says. */
export function settleOutput(
  values: OutputValues,
  { certificate, at }: { readonly certificate: string; readonly at: (path: string) => string },
): OutputConfig {
  const adapter = adapters[values.adapter];
  const folder = at(values.folder);
  const files = { ...(values.files ?? adapter.files), ...adapter.always };
  return {
    adapter: values.adapter,
    folder,
    files,
    owner: values.owner,
    group: values.group,
    keyMode: Number.parseInt(values.keyMode, 8),
    certMode: Number.parseInt(values.certMode, 8),
    secretName: values.secretName ?? certificate,
    reload: settleReload(values.reload, adapter, {
      at,
      certificateFile: join(folder, files.combined ?? ''),
    }),
  };
}

function settleReload(
  reload: OutputValues['reload'],
  adapter: Adapter,
  { at, certificateFile }: { readonly at: (path: string) => string; readonly certificateFile: string },
): ReloadAction | undefined {
  const pidFile = reload?.pidFile === undefined ? undefined : at(reload.pidFile);
  const timeoutMs = (reload?.timeoutSeconds ?? 30) * 1000;
  const [program, ...args] = reload?.command ?? [];
  if (program !== undefined) return { kind: 'command', command: [program, ...args], timeoutMs };
  if (reload?.haproxySocket !== undefined) {
    return { kind: 'haproxyRuntime', socket: at(reload.haproxySocket), certificateFile, timeoutMs };
  }
  const fallback = defaultReload(adapter, pidFile);
  if (reload?.signal === undefined) return fallback;
  const file = pidFile ?? adapter.signal?.pidFile;
  return file === undefined ? undefined : { kind: 'signal', signal: reload.signal, pidFile: file };
}

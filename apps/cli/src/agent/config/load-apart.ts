import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { Finding } from '@vcc-pki/server/config-file';
import type { AgentConfig } from './agent-config.ts';

/** What the other process sends. */
export type ConfigProcessAnswer =
  | { readonly config: AgentConfig }
  | { readonly findings: readonly Finding[] }
  | { readonly failure: string };

/**
 * Loads agent.yaml in a process of its own, which is gone afterwards: what parses and judges YAML would otherwise be a tenth
 * of the memory of an agent that reads its configuration once in months.
 * @throws ConfigError with everything that is wrong
 */
export async function loadAgentConfigApart(file: string): Promise<AgentConfig> {
  const path = import.meta.filename.replace(/load-apart(\.[jt]s)$/, 'config-process$1');
  const child = fork(path, [file], { serialization: 'advanced', stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const exited = once(child, 'exit').then(() => [undefined]);
  const [answer] = (await Promise.race([once(child, 'message'), exited])) as [ConfigProcessAnswer | undefined];
  await exited;
  if (answer === undefined) throw new Error(`${file} could not be loaded: the process that does it ended`);
  if ('config' in answer) return answer.config;
  if ('failure' in answer) throw new Error(answer.failure);
  const { ConfigError } = await import('@vcc-pki/server/config-error');
  throw new ConfigError(answer.findings);
}

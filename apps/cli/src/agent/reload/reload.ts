import type { ReloadAction } from '../config/agent-config.ts';
import type { Material } from '../outputs/material.ts';
import { putIntoHaproxy } from './haproxy-runtime.ts';
import { runCommand } from './run-command.ts';
import { sendSignal } from './send-signal.ts';

/** Has a program take its new files up. @throws AgentError `reloadFailed`, `reloadTimeout` */
export async function reload(action: ReloadAction, material: Material): Promise<void> {
  switch (action.kind) {
    case 'command':
      return runCommand(action.command, action.timeoutMs);
    case 'signal':
      return sendSignal(action.signal, action.pidFile);
    case 'haproxyRuntime':
      return putIntoHaproxy(action, `${material.fullchainPem}${material.keyPem}`);
  }
}

/** A reload in words, for log and status. */
export function reloadText(action: ReloadAction | undefined): string {
  switch (action?.kind) {
    case 'command':
      return action.command.join(' ');
    case 'signal':
      return `${action.signal} to the process in ${action.pidFile}`;
    case 'haproxyRuntime':
      return `runtime API at ${action.socket}`;
    default:
      return 'none';
  }
}

import { Command } from 'commander';
import { askAgent } from '../agent/control/control-socket.ts';
import { type AgentStatus, isWell } from '../agent/status.ts';
import { loadStatus } from '../agent/status-file.ts';
import { agentStatusText } from '../agent/status-text.ts';
import { CliError } from '../cli-error.ts';
import type { CliContext } from '../context.ts';
import { withExamples } from '../help.ts';
import { writeResult } from '../output.ts';
import { type AgentOptions, addConfigOption, loadAgentOptions } from './agent-options.ts';

/** `vcc-pki agent status` */
export function agentStatusCommand(context: CliContext): Command {
  const command = new Command('status')
    .summary('show what an agent keeps, and how it is')
    .description(
      'Show what an agent keeps and how it is, also when it does not run; exit code 1 when something needs attention.',
    )
    .action(async () => runStatus(command.optsWithGlobals<AgentOptions>(), context));
  return withExamples(
    addConfigOption(command),
    'vcc-pki agent status --config agent.yaml',
    'vcc-pki agent status --config agent.yaml --json',
  );
}

async function runStatus(options: AgentOptions, context: CliContext): Promise<void> {
  const { stateDir } = await loadAgentOptions(options);
  const status = await loadStatus(stateDir);
  if (status === undefined) {
    throw new CliError('notInitialized', `no agent has run in ${stateDir} yet`, {
      advice: 'Start it: "vcc-pki agent".',
    });
  }
  const running = await isRunning(stateDir);
  const isFine = running && status.config_error === null && status.certificates.every(isWell);
  const json = { running, well: isFine, ...status };
  const text = (): string => agentStatusText(status, { running, now: context.clock.now() });
  // With --json the status is the document of the error, so that there is one document whatever comes out.
  if (isFine || options.json !== true) writeResult(context, options, { json, text });
  if (!isFine) throw new CliError('agentNotWell', whyNot(status, running), { members: json });
}

/** Another user's socket does not answer; that the agent runs is then told by the file alone. */
async function isRunning(stateDir: string): Promise<boolean> {
  return (await askAgent(stateDir, { command: 'ping' })) !== undefined;
}

function whyNot({ certificates, config_error }: AgentStatus, running: boolean): string {
  const names = certificates.filter((certificate) => !isWell(certificate)).map(({ name }) => name);
  if (!running) return 'the agent does not run';
  if (names.length > 0) return `not well: ${names.join(', ')}`;
  return `the new configuration is not used: ${config_error?.message ?? ''}`;
}

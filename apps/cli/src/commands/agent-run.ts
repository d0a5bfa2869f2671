import { Command } from 'commander';
import type { Agent } from '../agent/agent.ts';
import { AgentError } from '../agent/agent-error.ts';
import { CliError } from '../cli-error.ts';
import type { CliContext } from '../context.ts';
import { withExamples } from '../help.ts';
import { explainStartError } from '../start-error.ts';
import { type AgentOptions, addConfigOption, loadAgentOptionsApart } from './agent-options.ts';

/** `vcc-pki agent run`, or `vcc-pki agent` alone */
export function agentRunCommand(context: CliContext): Command {
  const command = new Command('run')
    .summary('run the agent')
    .description(
      'Run the agent until SIGTERM or SIGINT; SIGHUP has it read its configuration again. Its log goes to stderr, one JSON object a line.',
    )
    .action(async () => runAgent(command.optsWithGlobals<AgentOptions>(), context));
  return withExamples(
    addConfigOption(command),
    'vcc-pki agent --config agent.yaml',
    'vcc-pki agent run --config agent.yaml',
  );
}

async function runAgent(options: AgentOptions, context: CliContext): Promise<void> {
  const stopped = context.untilStopped();
  let agent: Agent | undefined;
  // From the start on, for the signal would end the process; until the agent runs, it is reading its configuration anyway.
  const forget = context.onReload(() => void agent?.reload(() => loadAgentOptionsApart(options)));
  const config = await loadAgentOptionsApart(options);
  const [{ Agent: AgentAtWork }, { createLog }] = [await import('../agent/agent.ts'), await import('../agent/log.ts')];
  const log = createLog(config.logLevel, context.stderr, () => context.clock.now());
  agent = await AgentAtWork.start({ config, clock: context.clock, log }).catch((error: unknown) => {
    throw explainAgentError(error);
  });
  await stopped;
  forget();
  log.info('stopping');
  await agent.stop();
}

function explainAgentError(error: unknown): unknown {
  if (!(error instanceof AgentError)) return explainStartError(error);
  return new CliError('cannotServe', error.message, { cause: error });
}

import { Command } from 'commander';
import type { CliContext } from '../context.ts';
import { withExamples } from '../help.ts';
import { writeResult } from '../output.ts';
import { type AgentOptions, addConfigOption, loadAgentOptions } from './agent-options.ts';

/** `vcc-pki agent check-config` */
export function agentCheckConfigCommand(context: CliContext): Command {
  const command = new Command('check-config')
    .summary('check agent.yaml')
    .description('Check agent.yaml: every finding with file, line and what is allowed there.')
    .action(async () => runCheckConfig(command.optsWithGlobals<AgentOptions>(), context));
  return withExamples(addConfigOption(command), 'vcc-pki agent check-config --config agent.yaml');
}

async function runCheckConfig(options: AgentOptions, context: CliContext): Promise<void> {
  const { file, certificates } = await loadAgentOptions(options);
  const names = certificates.map(({ name }) => name);
  writeResult(context, options, {
    json: { ok: true, file, certificates: names, findings: [] },
    text: () => `${file} is in order: ${names.length === 0 ? 'no certificates' : names.join(', ')}`,
  });
}

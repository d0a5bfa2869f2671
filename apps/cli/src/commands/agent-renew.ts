import { Command } from 'commander';
import { askAgent } from '../agent/control/control-socket.ts';
import { CliError } from '../cli-error.ts';
import type { CliContext } from '../context.ts';
import { withExamples } from '../help.ts';
import { tableText, writeResult } from '../output.ts';
import { type AgentOptions, addConfigOption, loadAgentOptions } from './agent-options.ts';

interface Renewed {
  readonly name: string;
  readonly fingerprint: string | null;
  readonly error: { readonly code: string; readonly message: string } | null;
}

/** `vcc-pki agent renew` */
export function agentRenewCommand(context: CliContext): Command {
  const command = new Command('renew')
    .summary('have a running agent renew now')
    .description(
      'Have the running agent renew a certificate now, or all of them, whatever their windows say: to try a deployment out, or to change a key.',
    )
    .argument('[name]', 'name of the certificate in agent.yaml; all when left out')
    .action(async (name: string | undefined) => runRenew(name, command.optsWithGlobals<AgentOptions>(), context));
  return withExamples(
    addConfigOption(command),
    'vcc-pki agent renew web --config agent.yaml',
    'vcc-pki agent renew --config agent.yaml',
  );
}

async function runRenew(name: string | undefined, options: AgentOptions, context: CliContext): Promise<void> {
  const { stateDir } = await loadAgentOptions(options);
  const answer = await askAgent(stateDir, { command: 'renew', ...(name !== undefined && { name }) });
  if (answer === undefined) {
    throw new CliError('cannotConnect', `no agent runs in ${stateDir}`, { advice: 'Start it: "vcc-pki agent".' });
  }
  const { renewed } = answer as { renewed?: readonly Renewed[] };
  if (renewed === undefined) throw new CliError('usage', `agent.yaml has no certificate "${name}"`);
  const failed = renewed.filter(({ error }) => error !== null).map((one) => one.name);
  const rows = renewed.map((one) => [one.name, one.error?.message ?? `renewed: ${one.fingerprint}`]);
  if (failed.length === 0 || options.json !== true) {
    writeResult(context, options, { json: { renewed }, text: () => tableText(['name', 'result'], rows) });
  }
  if (failed.length > 0)
    throw new CliError('agentNotWell', `not renewed: ${failed.join(', ')}`, { members: { renewed } });
}

import { type Command, Option } from 'commander';
import type { AgentConfig } from '../agent/config/agent-config.ts';
import type { GlobalOptions } from '../global-options.ts';
import { explainingFindings } from '../load-configuration.ts';

export interface AgentOptions extends GlobalOptions {
  readonly config: string;
}

/** Adds the option that says which agent it is. */
export function addConfigOption(command: Command): Command {
  return command.addOption(
    new Option('--config <file>', 'configuration of the agent').default('/etc/vcc-pki/agent.yaml'),
  );
}

/** Loads agent.yaml. @throws CliError `badConfiguration` with every finding as `file:line:column` */
export function loadAgentOptions({ config }: AgentOptions): Promise<AgentConfig> {
  return explainingFindings(async () => {
    const { loadAgentConfig } = await import('../agent/config/load-agent-config.ts');
    return loadAgentConfig(config);
  });
}

/** The same for a process that stays, without what checks the file. @throws CliError `badConfiguration` */
export function loadAgentOptionsApart({ config }: AgentOptions): Promise<AgentConfig> {
  return explainingFindings(async () => {
    const { loadAgentConfigApart } = await import('../agent/config/load-apart.ts');
    return loadAgentConfigApart(config);
  });
}

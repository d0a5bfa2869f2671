import { ConfigError } from '@vcc-pki/server/config-file';
import { loadAgentConfig } from './load-agent-config.ts';
import type { ConfigProcessAnswer } from './load-apart.ts';

/** The process that `load-apart.ts` starts: loads the file it is given, sends what came of it, and is gone. */
const [, , file = ''] = process.argv;

async function answer(): Promise<ConfigProcessAnswer> {
  try {
    return { config: await loadAgentConfig(file) };
  } catch (error) {
    if (error instanceof ConfigError) return { findings: error.findings };
    return { failure: error instanceof Error ? error.message : String(error) };
  }
}

process.send?.(await answer());
process.disconnect?.();

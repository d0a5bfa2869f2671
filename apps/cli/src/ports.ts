import { InvalidArgumentError } from 'commander';
import { CliError } from './cli-error.ts';
import type { CliContext } from './context.ts';
import { portNumber } from './option-parsers.ts';

/** The ports of the two listeners, as far as somebody chose them. */
export interface ChosenPorts {
  readonly port?: number;
  readonly publicPort?: number;
}

/** Ports by option, or else by `PKI_PORT` and `PKI_PUBLIC_PORT`. @throws {@link CliError} `usage` */
export function chosenPorts(options: ChosenPorts, { environment }: CliContext): ChosenPorts {
  const port = options.port ?? portOf('PKI_PORT', environment.port);
  const publicPort = options.publicPort ?? portOf('PKI_PUBLIC_PORT', environment.publicPort);
  return { ...(port !== undefined && { port }), ...(publicPort !== undefined && { publicPort }) };
}

function portOf(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  try {
    return portNumber(text);
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
    throw new CliError('usage', `${name} is "${text}"`, { advice: error.message, cause: error });
  }
}

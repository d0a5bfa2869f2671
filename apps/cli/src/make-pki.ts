import type { Initialized, InitializeOptions } from '@vcc-pki/server';
import { CliError } from './cli-error.ts';
import type { CliContext } from './context.ts';
import { explainingFindings } from './load-configuration.ts';
import { notice, styled } from './output.ts';

/** What a new PKI is made from, the clock and the progress aside. */
export type PkiPlan = Omit<InitializeOptions, 'clock' | 'onProgress'>;

/** Makes a PKI and tells of each step. @throws {@link CliError} `alreadyInitialized`, `badConfiguration` */
export function makePki(plan: PkiPlan, context: CliContext): Promise<Initialized> {
  return explainingFindings(async () => {
    const { AlreadyInitializedError, initializePki } = await import('@vcc-pki/server');
    try {
      return await initializePki({
        ...plan,
        clock: context.clock,
        onProgress: (step) => notice(context, styled(context, 'dim', step)),
      });
    } catch (error) {
      if (!(error instanceof AlreadyInitializedError)) throw error;
      const [message = '', ...lines] = error.message.split('\n').map((line) => line.trim());
      throw new CliError('alreadyInitialized', message, { lines, cause: error });
    }
  });
}

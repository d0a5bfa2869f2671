import type { KekConsumerList } from '@vcc-pki/api';
import { Command } from 'commander';
import type { CliContext } from '../context.ts';
import type { GlobalOptions } from '../global-options.ts';
import { withExamples } from '../help.ts';
import { tableText, writeResult } from '../output.ts';
import { withClient } from '../with-client.ts';

/** `vcc-pki kek consumers` */
export function kekConsumersCommand(context: CliContext): Command {
  const command = new Command('consumers')
    .summary('list who uses a line')
    .description('List the processes that use a line, and what services have found under each of its versions.')
    .argument('<line>', 'name of a line, or id of one of its versions')
    .action(async (id: string) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const list = await withClient(options, context, (client) =>
        client.call<KekConsumerList>('listKekConsumers', { params: { id } }),
      );
      writeResult(context, options, { json: list, text: () => consumersText(list) });
    });
  return withExamples(command, 'vcc-pki kek consumers themis-main');
}

function consumersText({ epoch, consumers, holders }: KekConsumerList): string {
  if (consumers.length === 0 && holders.length === 0) return 'nobody uses this line yet';
  const processes = tableText(
    ['service', 'instance', 'acknowledged', 'live', 'last seen'],
    consumers.map((one) => [
      one.service_id,
      one.instance,
      `${one.acknowledged_epoch} of ${epoch}`,
      one.live ? 'yes' : 'no',
      one.last_seen,
    ]),
    'no process uses this line',
  );
  const records = tableText(
    ['service', 'version', 'could write', 'records', 'clean scans'],
    holders.map((one) => [
      one.service_id,
      String(one.version),
      one.could_write ? 'yes' : 'no',
      one.records === null ? 'unknown' : String(one.records),
      String(one.clean_scans),
    ]),
    'no service has reported records',
  );
  return `${processes}\n\n${records}`;
}

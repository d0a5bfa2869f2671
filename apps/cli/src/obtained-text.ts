import type { Obtained } from '@vcc-pki/client';
import { namesText } from './certificate-text.ts';
import type { CliContext } from './context.ts';
import type { GlobalOptions } from './global-options.ts';
import { factsText, notice, writeResult } from './output.ts';
import { timeText } from './time-text.ts';

/** Tells of a certificate that was had: by `create-certificate` and `renew` in the same way. */
export function writeObtained(obtained: Obtained, options: GlobalOptions, context: CliContext): void {
  const { certificate, files, resumed, forgotEarlier, keptPrevious } = obtained;
  if (resumed) notice(context, 'finished the request of an earlier run');
  if (forgotEarlier) {
    notice(
      context,
      `forgot an earlier run that had asked for something else; what it was issued, if anything: vcc-pki list --service ${certificate.service_name}`,
    );
  }
  if (keptPrevious) notice(context, 'the pair before is kept in previous/');
  if (certificate.drop_candidate !== undefined) {
    notice(
      context,
      `the service now holds more certificates than it may; once the new one is in use: vcc-pki revoke ${certificate.drop_candidate} --reason superseded`,
    );
  }
  writeResult(context, options, {
    json: { certificate, files, resumed, forgot_earlier: forgotEarlier, kept_previous: keptPrevious },
    text: () => obtainedText(obtained, context.clock.now()),
  });
}

function obtainedText({ certificate, files }: Obtained, now: number): string {
  return factsText([
    ['certificate id', certificate.certificate_id],
    ['service', certificate.service_name],
    ['names', namesText(certificate)],
    ['not after', timeText(certificate.not_after, now)],
    ['serial number', certificate.serial_number],
    ['certificate', files.cert],
    ['private key', files.key],
    ['with chain', files.fullchain],
    ['root', files.rootCa],
    ['metadata', files.metadata],
  ]);
}

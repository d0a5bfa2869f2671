import { PkiError } from '@vcc-pki/api';

/** The refusal of what a service may not do by its `allowed_operations`, or by its role. */
export function notPermitted(detail: string): PkiError {
  return new PkiError('forbidden', detail, {
    advice: 'Ask the operator to add the operation to allowed_operations of the service in the whitelist.',
  });
}

/** What to do about a service that the whitelist does not let in. */
export const unlistedAdvice =
  'Check the service_id, or ask the operator to put the service on the whitelist (service_whitelist.yaml).';

/** The refusal of whatever is about a service that the whitelist does not let in. */
export function notOnWhitelist(serviceId: string, field?: string): PkiError {
  return new PkiError('forbidden', `the service "${serviceId}" is not on the whitelist`, {
    field,
    advice: unlistedAdvice,
  });
}

/** The refusal of what only administrators may do for others. @param detail what the service may do with its own only */
export function onlyOwn(detail: string, field?: string): PkiError {
  return new PkiError('forbidden', detail, {
    field,
    advice: 'Name what is your own, or ask an administrator to do it.',
  });
}

/** The refusal of a line of key-encryption keys, or of one version. @param detail what is not granted */
export function notGranted(detail: string): PkiError {
  return new PkiError('forbidden', detail, {
    advice: 'Ask an administrator for a grant on the line: vcc-pki kek grant, or keks in the whitelist.',
  });
}

import type { Rule } from '../../rule.ts';
import type { Extended } from '../../view/extension.ts';
import { KeyUsageBit, keyUsage } from '../../view/extensions/key-usage.ts';

export const rfc5280KeyCertSignOnlyInCa: Rule<Extended> = {
  id: 'rfc5280_key_cert_sign_only_in_ca',
  source: 'RFC 5280 s4.2.1.3, s4.2.1.9',
  text: 'keyCertSign is set only together with cA.',
  severity: 'error',
  appliesTo: ['leaf'],
  check: ({ extensions }) =>
    ((extensions.read(keyUsage)?.bits ?? 0) & KeyUsageBit.keyCertSign) !== 0
      ? 'keyCertSign is set, but cA is not'
      : undefined,
};

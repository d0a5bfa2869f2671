import type { Rule } from '../../rule.ts';
import type { Extended } from '../../view/extension.ts';
import { extendedKeyUsage, KeyPurpose } from '../../view/extensions/extended-key-usage.ts';
import { KeyUsageBit, keyUsage } from '../../view/extensions/key-usage.ts';

export const rfc8446LeafSigns: Rule<Extended> = {
  id: 'rfc8446_leaf_signs',
  source: 'RFC 8446 s4.4.2.2',
  text: 'A leaf for TLS (serverAuth or clientAuth) has a keyUsage with digitalSignature set.',
  severity: 'error',
  appliesTo: ['leaf'],
  check: ({ extensions }) => {
    const purposes = extensions.read(extendedKeyUsage) ?? [];
    if (!purposes.includes(KeyPurpose.serverAuth) && !purposes.includes(KeyPurpose.clientAuth)) return undefined;
    const usage = extensions.read(keyUsage);
    // An empty keyUsage has a rule of its own.
    if (usage?.bits === 0) return undefined;
    return ((usage?.bits ?? 0) & KeyUsageBit.digitalSignature) === 0
      ? 'a leaf for TLS without digitalSignature'
      : undefined;
  },
};

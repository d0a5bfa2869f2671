import type { Rule } from '../../rule.ts';
import type { Extended } from '../../view/extension.ts';
import { extendedKeyUsage, KeyPurpose } from '../../view/extensions/extended-key-usage.ts';
import { KeyUsageBit, keyUsage } from '../../view/extensions/key-usage.ts';
import { subjectAltName } from '../../view/extensions/subject-alt-name.ts';

/** docs/keks.md: line and version. */
const kekUri = /^urn:vcc:kek:[a-z0-9][a-z0-9-]{0,39}:[1-9][0-9]{0,9}$/;

export const houseKekProfile: Rule<Extended> = {
  id: 'house_kek_profile',
  source: 'House rule (docs/keks.md)',
  text: 'The certificate of a key-encryption key has its purpose alone and critical, keyAgreement alone, and one name: its URN.',
  severity: 'error',
  appliesTo: ['leaf'],
  check: ({ extensions }) => {
    const purposes = extensions.read(extendedKeyUsage) ?? [];
    if (!purposes.includes(KeyPurpose.kek)) return undefined;
    if (purposes.length > 1) return 'the KEK purpose stands beside other purposes';
    if (extensions.find(extendedKeyUsage)?.critical !== true) return 'the KEK purpose is not critical';
    if (extensions.read(keyUsage)?.bits !== KeyUsageBit.keyAgreement) return 'keyUsage is not keyAgreement alone';
    const names = extensions.read(subjectAltName);
    const [uri = ''] = names?.uris ?? [];
    return names?.names.length === 1 && kekUri.test(uri) ? undefined : 'its one name is not the URN of a KEK';
  },
};

import { toHex } from '@vcc-pki/asn1';
import type { Rule } from '../../rule.ts';
import type { Extended } from '../../view/extension.ts';
import { subjectAltName } from '../../view/extensions/subject-alt-name.ts';
import { type GeneralName, GeneralNameTag } from '../../view/general-name.ts';

export const cabBrSanNamesUnique: Rule<Extended> = {
  id: 'cab_br_san_names_unique',
  source: 'CA/B BR 7.1.2.7.12 (deduplicated list)',
  text: 'No name occurs twice in subjectAltName; dNSNames are compared without case.',
  severity: 'error',
  appliesTo: ['certificate'],
  check: ({ extensions }) => {
    const names = extensions.read(subjectAltName)?.names ?? [];
    const keys = new Set(names.map(keyOf));
    return keys.size < names.length ? `subjectAltName has ${names.length - keys.size} duplicates` : undefined;
  },
};

function keyOf({ tag, bytes, text }: GeneralName): string {
  if (tag === GeneralNameTag.dNSName) return `${tag} ${text.toLowerCase()}`;
  return `${tag} ${text === '' ? toHex(bytes) : text}`;
}

import type { Rule } from '../../rule.ts';
import { quote } from '../../view/elements.ts';
import type { Extended } from '../../view/extension.ts';
import { subjectAltName } from '../../view/extensions/subject-alt-name.ts';

export const rfc5280SanTextAscii: Rule<Extended> = {
  id: 'rfc5280_san_text_ascii',
  source: 'RFC 5280 s4.2.1.6 (IA5String)',
  text: 'dNSName, rfc822Name and uniformResourceIdentifier are ASCII.',
  severity: 'error',
  appliesTo: ['certificate'],
  check: ({ extensions }) => {
    const names = extensions.read(subjectAltName)?.names ?? [];
    const wrong = names.find(({ text }) => /[^\0-\x7f]/.test(text));
    return wrong && `${quote(wrong.text)} is not ASCII`;
  },
};

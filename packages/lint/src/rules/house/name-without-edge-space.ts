import type { Rule } from '../../rule.ts';
import { quote } from '../../view/elements.ts';
import type { Named } from '../../view/name.ts';

export const houseNameWithoutEdgeSpace: Rule<Named> = {
  id: 'house_name_without_edge_space',
  source: 'House rule',
  text: 'No value of a distinguished name starts or ends with white space, or holds a control character.',
  severity: 'error',
  appliesTo: ['certificate', 'crl'],
  check: ({ names }) => {
    for (const { attributes } of names) {
      const wrong = attributes.find(({ text }) => /^\s|\s$|\p{Cc}/u.test(text));
      if (wrong) return `attribute ${wrong.type} is ${quote(wrong.text)}`;
    }
    return undefined;
  },
};

import type { Rule } from '../../rule.ts';
import type { Extended } from '../../view/extension.ts';
import { subjectAltName } from '../../view/extensions/subject-alt-name.ts';
import { GeneralNameTag } from '../../view/general-name.ts';

const judged: ReadonlySet<number> = new Set([
  GeneralNameTag.dNSName,
  GeneralNameTag.iPAddress,
  GeneralNameTag.rfc822Name,
  GeneralNameTag.uniformResourceIdentifier,
]);

export const houseSanTypes: Rule<Extended> = {
  id: 'house_san_types',
  source: 'House rule',
  text: 'subjectAltName holds only dNSName, iPAddress, rfc822Name and uniformResourceIdentifier: the types that the policy can judge.',
  severity: 'error',
  appliesTo: ['leaf'],
  check: ({ extensions }) => {
    const other = extensions.read(subjectAltName)?.names.find(({ tag }) => !judged.has(tag));
    return other && `subjectAltName holds a name of type [${other.tag & 0x1f}]`;
  },
};

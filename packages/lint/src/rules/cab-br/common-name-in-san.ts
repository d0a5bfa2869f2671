import type { Rule } from '../../rule.ts';
import type { CertificateView } from '../../view/certificate-view.ts';
import { quote } from '../../view/elements.ts';
import { subjectAltName } from '../../view/extensions/subject-alt-name.ts';
import { type GeneralName, GeneralNameTag } from '../../view/general-name.ts';
import { ipText } from '../../view/ip-text.ts';
import { AttributeType } from '../../view/name.ts';

export const cabBrCommonNameInSan: Rule<CertificateView> = {
  id: 'cab_br_common_name_in_san',
  source: 'CA/B BR 7.1.4.3',
  text: 'A commonName of a leaf is one of the names in its subjectAltName.',
  severity: 'error',
  appliesTo: ['leaf'],
  check: (view) => {
    const san = view.extensions.read(subjectAltName);
    if (!san) return undefined;
    const wrong = view.subject.attributes.find(
      ({ type, text }) => type === AttributeType.commonName && !san.names.some((name) => isNamed(name, text)),
    );
    return wrong && `commonName ${quote(wrong.text)} is not in subjectAltName`;
  },
};

function isNamed(name: GeneralName, text: string): boolean {
  if (name.tag === GeneralNameTag.iPAddress) return ipText(name.bytes) === text;
  return name.text.length === text.length && name.text.toLowerCase() === text.toLowerCase();
}

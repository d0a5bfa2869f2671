import type { Rule } from '../../rule.ts';
import { quote } from '../../view/elements.ts';
import type { Extended } from '../../view/extension.ts';
import { subjectAltName } from '../../view/extensions/subject-alt-name.ts';

const mailbox = /^[^\s@<>()[\],;:\\"]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$/;

export const rfc5280SanEmailSyntax: Rule<Extended> = {
  id: 'rfc5280_san_email_syntax',
  source: 'RFC 5280 s4.2.1.6, RFC 2821 s4.1.2',
  text: 'An rfc822Name is a bare mailbox, local-part@domain, without display name or angle brackets.',
  severity: 'error',
  appliesTo: ['certificate'],
  check: ({ extensions }) => {
    const wrong = extensions.read(subjectAltName)?.emails.find((email) => !mailbox.test(email));
    return wrong === undefined ? undefined : `rfc822Name ${quote(wrong)} is not a mailbox`;
  },
};

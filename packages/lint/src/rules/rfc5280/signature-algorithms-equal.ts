import { equalBytes } from '@vcc-pki/asn1';
import type { Rule } from '../../rule.ts';
import type { TwiceSigned } from '../../view/signed.ts';

export const rfc5280SignatureAlgorithmsEqual: Rule<TwiceSigned> = {
  id: 'rfc5280_signature_algorithms_equal',
  source: 'RFC 5280 s4.1.1.2, s5.1.1.2',
  text: 'The signature algorithm beside the signature is the one inside of what is signed, parameters included.',
  severity: 'error',
  appliesTo: ['certificate', 'crl'],
  check: (view) =>
    equalBytes(view.signatureAlgorithm.der, view.tbsSignatureAlgorithm.der)
      ? undefined
      : `signed inside: ${view.tbsSignatureAlgorithm.oid}, beside the signature: ${view.signatureAlgorithm.oid}, or their parameters differ`,
};

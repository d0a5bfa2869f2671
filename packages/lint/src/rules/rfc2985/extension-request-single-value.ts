import type { Rule } from '../../rule.ts';
import { RequestAttributeType, type RequestView } from '../../view/request-view.ts';

export const rfc2985ExtensionRequestSingleValue: Rule<RequestView> = {
  id: 'rfc2985_extension_request_single_value',
  source: 'RFC 2985 s5.4.2',
  text: 'The extensionRequest attribute has a single value.',
  severity: 'error',
  appliesTo: ['csr'],
  check: ({ attributes }) =>
    attributes?.some(({ type, values }) => type === RequestAttributeType.extensionRequest && values.length > 1)
      ? 'extensionRequest has several values'
      : undefined,
};

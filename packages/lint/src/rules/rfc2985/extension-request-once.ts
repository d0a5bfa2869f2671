import type { Rule } from '../../rule.ts';
import { RequestAttributeType, type RequestView } from '../../view/request-view.ts';

export const rfc2985ExtensionRequestOnce: Rule<RequestView> = {
  id: 'rfc2985_extension_request_once',
  source: 'RFC 2985 s5.4.2',
  text: 'There is at most one extensionRequest attribute.',
  severity: 'error',
  appliesTo: ['csr'],
  check: ({ attributes }) => {
    const requests = attributes?.filter(({ type }) => type === RequestAttributeType.extensionRequest) ?? [];
    return requests.length > 1 ? `${requests.length} extensionRequest attributes` : undefined;
  },
};

import type { TokenResource } from '@vcc-pki/api';
import { tableText } from '../output.ts';

/** Tokens for people. */
export function tokenTable(tokens: readonly TokenResource[]): string {
  return tableText(
    ['token id', 'service', 'status', 'until', 'names', 'made by', 'certificate id', 'comment'],
    tokens.map((token) => [
      token.token_id,
      token.service_name,
      token.status,
      token.expires_at,
      namesText(token),
      token.created_by,
      token.certificate_id ?? '',
      token.comment ?? '',
    ]),
    'no tokens',
  );
}

/** What a certificate for the token will be called. */
export function namesText({ dns, ip }: Pick<TokenResource, 'dns' | 'ip'>): string {
  return [...dns, ...ip].join(' ') || 'as the whitelist allows';
}

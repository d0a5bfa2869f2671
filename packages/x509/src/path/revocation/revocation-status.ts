import type { Revocation } from '../path-error.ts';
import type { RevocationSource } from '../verified-path.ts';

/** What one kind of evidence says about a certificate. */
export type RevocationStatus =
  | { readonly type: 'good'; readonly sources: readonly RevocationSource[] }
  | { readonly type: 'revoked'; readonly revocation: Revocation }
  /** Something at hand speaks of the certificate, but nothing that can be relied on. */
  | { readonly type: 'undetermined'; readonly problems: readonly string[] }
  /** Nothing at hand speaks of the certificate; `notes` tell what is at hand instead. */
  | { readonly type: 'silent'; readonly notes: readonly string[] };

import type { EnrolmentTokenRecord } from '../store/index.ts';

/** The names that a token is for; both empty: whatever the whitelist allows the service. */
export interface TokenNames {
  readonly dns: readonly string[];
  readonly ip: readonly string[];
}

export function tokenNames({ dns, ip }: Pick<EnrolmentTokenRecord, 'dns' | 'ip'>): TokenNames {
  return { dns: JSON.parse(dns) as string[], ip: JSON.parse(ip) as string[] };
}

import type { CertificateRecord, Store } from '../store/index.ts';
import { findDangers } from './dangers.ts';
import { type RenewalInfo, renewalInfo } from './renewal-info.ts';
import type { RenewalRules } from './renewal-window.ts';

interface FindRenewalInfoDeps {
  readonly store: Pick<Store, 'read'>;
  readonly rules: { readonly renewal: RenewalRules };
}

/** When and why a certificate is to be renewed, by what the ledger knows now. */
export async function findRenewalInfo(
  { store, rules }: FindRenewalInfoDeps,
  certificate: CertificateRecord,
): Promise<RenewalInfo> {
  const dangers = await findDangers(store, [certificate]);
  return renewalInfo(certificate, { rules: rules.renewal, danger: dangers.get(certificate.certificateId) });
}

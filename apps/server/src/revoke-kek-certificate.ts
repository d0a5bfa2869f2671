import { PkiError } from '@vcc-pki/api';
import type { RevokeKek } from './keks/change-state.ts';
import { type RevocationDeps, revokeCertificate } from './revocation/revoke.ts';
import { certificateById } from './store/index.ts';

/** How a KEK is given up: the ordinary revocation of its certificate, with keyCompromise. */
export function revokeKekCertificate(deps: RevocationDeps): RevokeKek {
  return async (requester, kek, comment) => {
    const certificate = await certificateById(deps.store.read, kek.certificateId);
    if (certificate === undefined) {
      throw new PkiError('serverInternal', `the ledger does not have ${kek.certificateId}`);
    }
    await revokeCertificate(deps, requester, { certificate, reason: 'keyCompromise', comment, evenIfExpired: true });
  };
}

import { createHash } from 'node:crypto';
import { buildTbsCertList, keyIdentifier } from '@vcc-pki/x509';
import { proofreadCrl } from '../authority/linted-tbs.ts';
import { signLinted } from '../authority/sign-linted.ts';
import { crlFrame } from '../revocation/crl-frame.ts';
import type { PublishCrlInput } from '../store/index.ts';
import type { NewAuthority } from './hierarchy.ts';

/** The longest that CA/B BR 4.9.7 lets the CRL of a root live is twelve months; the root key is needed for the next one. */
const rootCrlValidityMs = 365 * 86_400_000;

/** The first CRL of the root: nothing is revoked, and validation with CRLs for the whole chain works from the first day. */
export async function createRootCrl(
  root: NewAuthority,
  now: number,
  backdateMs: number,
): Promise<Omit<PublishCrlInput, 'audit'>> {
  const thisUpdate = now - backdateMs;
  const nextUpdate = thisUpdate + rootCrlValidityMs;
  const issuer = { ...root, keyIdentifier: keyIdentifier(root.signer.publicKey) };
  const frame = crlFrame(issuer, { scope: { kind: 'full' }, number: 1, thisUpdate, nextUpdate });
  const draft = buildTbsCertList({ ...frame, entries: [] });
  const { der } = await signLinted(root, proofreadCrl(draft, root));
  const sha256 = createHash('sha256').update(der).digest('hex');
  return {
    ...{ issuerId: root.issuerId, scope: 'full', number: 1, thisUpdate, nextUpdate, sha256, der },
    ...{ revision: 0, entries: 0, readAt: now, baseNumber: null, part: 0, owner: null, now, keep: 2 },
  };
}

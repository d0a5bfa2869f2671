import { equalBytes } from '@vcc-pki/asn1';
import { findExtension } from '../../extension.ts';
import { extensionId } from '../../extension-id.ts';
import type { PathCrl } from './path-crl.ts';

/**
 * The fresh delta CRLs that can be laid over a complete CRL (RFC 5280 s5.2.4 and s6.3.3(c)), highest number first:
 * same issuer, scope and key identifier, a base that is not newer than the complete CRL, and a number that is.
 */
export function findDeltas(deltas: readonly PathCrl[], complete: PathCrl, at: number): PathCrl[] {
  const { crlNumber } = complete;
  if (crlNumber === undefined) return [];
  return deltas
    .filter((delta) => delta.fault === undefined && delta.isFresh(at) && hasSameScope(delta, complete))
    .filter(({ baseCrlNumber }) => baseCrlNumber !== undefined && baseCrlNumber <= crlNumber)
    .filter((delta) => delta.crlNumber !== undefined && delta.crlNumber > crlNumber)
    .sort((a, b) => ((a.crlNumber ?? 0n) > (b.crlNumber ?? 0n) ? -1 : 1));
}

function hasSameScope(delta: PathCrl, complete: PathCrl): boolean {
  if (delta.issuer.text !== complete.issuer.text) return false;
  const [ofDelta, ofComplete] = [delta, complete].map(
    ({ list }) => findExtension(list.extensions, extensionId.issuingDistributionPoint)?.value,
  );
  return areEqual(ofDelta, ofComplete) && areEqual(delta.keyIdentifier, complete.keyIdentifier);
}

function areEqual(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a === undefined || b === undefined ? a === b : equalBytes(a, b);
}

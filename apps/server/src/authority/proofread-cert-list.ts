import { setImmediate } from 'node:timers/promises';
import { lintCrl } from '@vcc-pki/lint';
import { buildTbsCertList, type CertListFrame, encodeSigned, layOutCertList } from '@vcc-pki/x509';
import type { SigningIssuer } from './issuer.ts';
import { LintedEntries } from './linted-entries.ts';
import { LintedTbs, placeholderSignature } from './linted-tbs.ts';

/** Octets that are copied before others get their turn: well under a millisecond. */
const sliceOctets = 2 ** 20;

/** A CRL that can be signed, and its entries, which lie in it. */
export interface ProofreadCertList {
  readonly linted: LintedTbs;
  readonly entries: LintedEntries;
}

/**
 * Puts a CRL together from entries that were linted before, and runs every rule over the rest of it.
 * @throws `PkiError` `serverInternal` when a rule refuses.
 */
export async function proofreadCertList(
  frame: CertListFrame,
  parts: readonly LintedEntries[],
  issuer: SigningIssuer,
): Promise<ProofreadCertList> {
  const findings = lintCrl(
    encodeSigned(buildTbsCertList({ ...frame, entries: [] }), frame.signatureAlgorithm, placeholderSignature),
  );
  const layout = layOutCertList(frame, sum(parts.map(({ der }) => der.length)));
  await copyInSlices(parts, layout.entries);
  return {
    linted: LintedTbs.afterLint(layout, findings, issuer),
    entries: LintedEntries.of(layout.entries, sum(parts.map(({ count }) => count))),
  };
}

async function copyInSlices(parts: readonly LintedEntries[], target: Uint8Array): Promise<void> {
  let at = 0;
  let sinceTurn = 0;
  for (const { der } of parts) {
    for (let from = 0; from < der.length; from += sliceOctets) {
      const slice = der.subarray(from, from + sliceOctets);
      target.set(slice, at);
      at += slice.length;
      sinceTurn += slice.length;
      if (sinceTurn < sliceOctets) continue;
      sinceTurn = 0;
      await setImmediate();
    }
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

import type { Rule } from './rule.ts';
import { decodeExtension, type Extended, type Extension } from './view/extension.ts';
import { knownExtensions } from './view/known-extensions.ts';

/**
 * The one rule that throws: what cannot be read is reported under its id by {@link lint}. It decodes every extension, so that a
 * malformed value is found even when no other rule asks for it.
 */
export const derMalformed: Rule<Extended> = {
  id: 'der_malformed',
  source: 'X.690; RFC 5280 App. A; RFC 2986 s4',
  text: 'The input, and the value of every extension known here, is DER of the type it should be, with nothing left over.',
  severity: 'error',
  appliesTo: ['certificate', 'crl', 'csr'],
  check({ extensions }) {
    for (const { oid } of extensions.list) {
      const type = knownExtensions.get(oid);
      if (type) extensions.read(type);
    }
    return undefined;
  },
};

/** Decodes the known ones among the extensions of a CRL entry. @throws DerError when one is malformed. */
export function decodeEntryExtensions(extensions: readonly Extension[] | undefined): void {
  for (const extension of extensions ?? []) {
    const type = knownExtensions.get(extension.oid);
    if (type) decodeExtension(extension, type);
  }
}

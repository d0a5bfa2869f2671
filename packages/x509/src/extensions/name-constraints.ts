import {
  contextConstructed,
  type Der,
  DerError,
  DerReader,
  encodeImplicitConstructed,
  encodeSequence,
} from '@vcc-pki/asn1';
import { readWhole } from '../extension.ts';
import { encodeGeneralName, type GeneralName, readGeneralName } from '../general-name.ts';

/**
 * Names that certificates below a CA may and may not carry (RFC 5280 s4.2.1.10). Each name is the base of a subtree;
 * iPAddress has a mask. `minimum` and `maximum` are fixed by the profile (0 and absent), so they do not show.
 */
export interface NameConstraints {
  /** Empty: absent. */
  readonly permittedSubtrees: readonly GeneralName[];
  /** Empty: absent. */
  readonly excludedSubtrees: readonly GeneralName[];
}

/** @throws {@link DerError} also when both are absent, or `minimum` or `maximum` is there. */
export function parseNameConstraints(value: Uint8Array): NameConstraints {
  return readWhole(value, (outer) => {
    const reader = outer.readSequence();
    if (reader.atEnd) throw new DerError('invalidValue', 'empty nameConstraints (RFC 5280 s4.2.1.10)', 0);
    const permittedSubtrees = readSubtrees(reader, 0);
    const excludedSubtrees = readSubtrees(reader, 1);
    reader.end();
    return { permittedSubtrees, excludedSubtrees };
  });
}

function readSubtrees(outer: DerReader, n: number): GeneralName[] {
  const element = outer.readOptional(contextConstructed(n));
  if (element === undefined) return [];
  const reader = new DerReader(element.content, element.offset);
  const bases: GeneralName[] = [];
  do {
    const subtree = reader.readSequence();
    bases.push(readGeneralName(subtree, 'nameConstraint'));
    // minimum is DEFAULT 0, which DER leaves out; maximum must be absent: so nothing follows.
    subtree.end();
  } while (!reader.atEnd);
  return bases;
}

/** @throws RangeError when both are empty. */
export function encodeNameConstraints({ permittedSubtrees, excludedSubtrees }: NameConstraints): Der {
  const parts = [encodeSubtrees(0, permittedSubtrees), encodeSubtrees(1, excludedSubtrees)].flat();
  if (parts.length === 0) throw new RangeError('nameConstraints constrain something (RFC 5280 s4.2.1.10)');
  return encodeSequence(...parts);
}

function encodeSubtrees(n: number, bases: readonly GeneralName[]): Der[] {
  if (bases.length === 0) return [];
  return [encodeImplicitConstructed(n, ...bases.map((base) => encodeSequence(encodeGeneralName(base))))];
}

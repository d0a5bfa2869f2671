import { contextConstructed, contextPrimitive, type DerReader } from '@vcc-pki/asn1';
import { readEach } from '../elements.ts';
import type { ExtensionType } from '../extension.ts';
import { type GeneralName, readGeneralName } from '../general-name.ts';

/** RFC 5280 s4.2.1.10. */
interface GeneralSubtree {
  readonly base: GeneralName;
  /** `minimum` or `maximum` is there; RFC 5280 leaves both at their defaults. */
  readonly hasBounds: boolean;
}

export interface NameConstraints {
  /** Undefined when absent. */
  readonly permitted: readonly GeneralSubtree[] | undefined;
  readonly excluded: readonly GeneralSubtree[] | undefined;
}

export const nameConstraints: ExtensionType<NameConstraints> = {
  oid: '2.5.29.30',
  decode(value) {
    const reader = value.readSequence();
    const constraints = { permitted: readSubtrees(reader, 0), excluded: readSubtrees(reader, 1) };
    reader.end();
    return constraints;
  },
};

function readSubtrees(constraints: DerReader, n: number): GeneralSubtree[] | undefined {
  if (constraints.peekTag() !== contextConstructed(n)) return undefined;
  return readEach(constraints.readConstructed(contextConstructed(n)), (subtrees) => {
    const reader = subtrees.readSequence();
    const base = readGeneralName(reader);
    const minimum = reader.readOptional(contextPrimitive(0));
    const maximum = reader.readOptional(contextPrimitive(1));
    reader.end();
    return { base, hasBounds: minimum !== undefined || maximum !== undefined };
  });
}

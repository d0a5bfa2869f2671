import { Tag } from '@vcc-pki/asn1';
import type { ExtensionType } from '../extension.ts';

/** RFC 5280 s4.2.1.9. */
export interface BasicConstraints {
  readonly ca: boolean;
  /** `cA` is there and says FALSE, the default. */
  readonly encodesDefault: boolean;
  readonly pathLenConstraint: number | undefined;
}

export const basicConstraints: ExtensionType<BasicConstraints> = {
  oid: '2.5.29.19',
  decode(value) {
    const reader = value.readSequence();
    const hasCa = reader.peekTag() === Tag.boolean;
    const ca = hasCa && reader.readBoolean();
    const pathLenConstraint = reader.atEnd ? undefined : reader.readSmallInteger(0, 2 ** 31 - 1);
    reader.end();
    return { ca, encodesDefault: hasCa && !ca, pathLenConstraint };
  },
};

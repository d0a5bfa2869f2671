import type { ExtensionType } from '../extension.ts';

/** RFC 5280 s5.2.3: the INTEGER's content, as encoded. */
export const crlNumber: ExtensionType<Uint8Array> = {
  oid: '2.5.29.20',
  decode: (value) => value.readIntegerBytes(),
};

/** RFC 5280 s5.2.4: the number of the CRL that the delta is based on; the INTEGER's content, as encoded. */
export const deltaCrlIndicator: ExtensionType<Uint8Array> = {
  oid: '2.5.29.27',
  decode: (value) => value.readIntegerBytes(),
};

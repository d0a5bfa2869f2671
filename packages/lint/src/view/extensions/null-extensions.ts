import type { ExtensionType } from '../extension.ts';

/** RFC 9608 s2: there is no revocation information for this certificate. The value is always NULL; `true` stands for it. */
export const noRevAvail: ExtensionType<true> = { oid: '2.5.29.56', decode: readNull };

/** RFC 6960 s4.2.2.2.1, id-pkix-ocsp-nocheck: do not check this responder certificate. */
export const ocspNoCheck: ExtensionType<true> = { oid: '1.3.6.1.5.5.7.48.1.5', decode: readNull };

function readNull(value: { readNull(): void }): true {
  value.readNull();
  return true;
}

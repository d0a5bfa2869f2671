/** What a file of a PKI may hold in DER. */
export type DerKind =
  | 'certificate'
  | 'certificateRequest'
  | 'certificateList'
  | 'ocspRequest'
  | 'ocspResponse'
  | 'publicKey';

/** One thing that was found in a file, recognised by its shape; whether it is well-formed inside is its parser's question. */
export type PkiObject =
  | { readonly kind: DerKind; readonly der: Uint8Array; readonly encoding: 'PEM' | 'DER' | 'PKCS #7' }
  | PrivateKeyObject
  | UnreadableObject;

/** A private key, of which nothing is kept but what others may know. */
export interface PrivateKeyObject {
  readonly kind: 'privateKey';
  /** `PKCS #8`, `PKCS #1`, `SEC 1`, or what its label says. */
  readonly format: string;
  readonly isEncrypted: boolean;
  /** DER SubjectPublicKeyInfo of its public half; `undefined` when it is encrypted or not understood. */
  readonly publicKey: Uint8Array | undefined;
}

/** What is not one of the others. */
export interface UnreadableObject {
  readonly kind: 'unreadable';
  /** What it looks like: a PEM label, or a format. */
  readonly what: string;
  readonly reason: string;
}

/** Those objects of one kind that are in DER, in their order. */
export function derOf(objects: readonly PkiObject[], kind: DerKind): Uint8Array[] {
  return objects.flatMap((object) => (object.kind === kind ? [object.der] : []));
}

import { PkiError } from '@vcc-pki/api';
import { equalBytes, readSingleSequence } from '@vcc-pki/asn1';
import type { SigningIssuer } from './issuer.ts';
import type { LintedTbs } from './linted-tbs.ts';

/** A signed object in DER, and its signature alone. */
export interface SignedObject {
  readonly der: Uint8Array;
  readonly signature: Uint8Array;
}

/**
 * Uses the CA key: the only place where it is used. The signature comes once more beside the object, for the ledger.
 * @throws {@link PkiError} `notReady` when the key cannot sign, `serverInternal` when the bytes were not fit to be signed.
 */
export async function signLinted(issuer: SigningIssuer, linted: LintedTbs): Promise<SignedObject> {
  const { tbsDer, complete } = linted.redeem(issuer);
  let signature: Uint8Array;
  try {
    signature = await issuer.signer.sign(tbsDer);
  } catch (cause) {
    throw new PkiError('notReady', 'the CA key cannot sign at the moment', { cause });
  }
  const der = complete(signature);
  // What leaves is compared with what was linted, so that no later change between the two can slip through.
  if (!equalBytes(readSingleSequence(der).readElement().der, tbsDer)) {
    throw new PkiError('serverInternal', 'the signed bytes differ from the linted ones');
  }
  return { der, signature };
}

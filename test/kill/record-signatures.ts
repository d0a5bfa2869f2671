import { equalBytes, toHex } from '@vcc-pki/asn1';
import { createSoftwareSigner, generateKey, type Signer } from '@vcc-pki/signer';
import { encodeSigned } from '@vcc-pki/x509';
import type { Journal } from './journal.ts';

/**
 * From now on, writes each object that a key signs into the journal before anybody gets the signature. It reaches into
 * all signers of this process, because the server also signs before it hands anything out.
 * @param publicKey of the key that is watched, DER SubjectPublicKeyInfo.
 */
export async function recordSignatures(publicKey: Uint8Array, journal: Journal): Promise<void> {
  const anySigner = createSoftwareSigner(await generateKey('P-256'));
  const prototype = Object.getPrototypeOf(anySigner) as { sign: Signer['sign'] };
  const { sign } = prototype;
  prototype.sign = async function (this: Signer, data: Uint8Array): Promise<Uint8Array> {
    const signature = await sign.call(this, data);
    if (equalBytes(this.publicKey, publicKey)) {
      journal.write({ kind: 'signed', der: toHex(encodeSigned(data, this.signatureAlgorithm, signature)) });
    }
    return signature;
  };
}

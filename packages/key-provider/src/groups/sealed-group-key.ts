import { hpkeSuite, type KekKem, pae, parseKekPublicKey } from '@vcc-pki/kek';
import { KeyError } from '../key-error.ts';
import { u32 } from '../keys/labels.ts';

/** Which group key is sealed, in which epoch: bound into the seal. */
export interface GroupKeyName {
  readonly tenant: string;
  readonly group: string;
  readonly epoch: number;
}

/** A random group key for one recipient. */
export interface SealedGroupKey {
  readonly enc: Uint8Array;
  readonly ciphertext: Uint8Array;
}

const label = 'vcc-pki/sealed-group-key/v1';

/** Seals the 32 octets of a group's key to a service that may use it (HPKE, RFC 9180 base mode). */
export async function sealGroupKey(
  recipientPublicKey: Uint8Array,
  key: Uint8Array,
  name: GroupKeyName,
): Promise<SealedGroupKey> {
  if (key.length !== 32) throw new RangeError('the key of a group has 32 octets');
  const { kem, octets } = parseKekPublicKey(recipientPublicKey);
  const suite = hpkeSuite(kem);
  const publicKey = await suite.kem.deserializePublicKey(Uint8Array.from(octets).buffer);
  const { enc, ct } = await suite.seal({ recipientPublicKey: publicKey, info: info(name) }, key);
  return { enc: new Uint8Array(enc), ciphertext: new Uint8Array(ct) };
}

/** @returns 32 octets, the caller's to erase. @throws {@link KeyError} `GROUP_DENIED` when it was sealed to somebody else */
export async function openGroupKey(
  { kem, privateKey }: { readonly kem: KekKem; readonly privateKey: CryptoKey },
  { enc, ciphertext }: SealedGroupKey,
  name: GroupKeyName,
): Promise<Uint8Array> {
  try {
    const recipient = { recipientKey: privateKey, enc: Uint8Array.from(enc), info: info(name) };
    return new Uint8Array(await hpkeSuite(kem).open(recipient, Uint8Array.from(ciphertext)));
  } catch (cause) {
    throw new KeyError('GROUP_DENIED', `the key of ${name.group} in epoch ${name.epoch} is not sealed to this key`, {
      cause,
    });
  }
}

function info({ tenant, group, epoch }: GroupKeyName): Uint8Array {
  return pae(label, tenant, group, u32(epoch));
}

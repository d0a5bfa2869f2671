import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { type KekGroupDelivery, type KekGroupResource, type OpenKekGroupBody, PkiError } from '@vcc-pki/api';
import { encodePem } from '@vcc-pki/asn1';
import { type GroupKeyName, groupKeyId, sealGroupDelivery, verifyGroupDeliveryRequest } from '@vcc-pki/kek';
import { encodeExtKeyUsage, encodeKeyUsage, extensionId, keyPurposeId } from '@vcc-pki/x509';
import type { ServiceIdentity } from '../../src/index.ts';
import type { TestCa } from './test-ca.ts';

interface Group {
  readonly mode: 'derived' | 'sealed';
  /** By epoch, from 1. */
  keys: Uint8Array[];
  isMember: boolean;
}

/** A key, and the certificate that says what it may sign. */
interface Signing {
  readonly certificate: Uint8Array;
  readonly privateKey: KeyObject;
}

const dayMs = 86_400_000;

/** The groups of a KekAuthority, whose line is `themis-main` and whose tenant is `acme`. */
export class GroupAuthority {
  readonly groups = new Map<string, Group>();
  /** What signs deliveries; exchanged by one who stands between. */
  signing: Signing;
  /** Given instead of what belongs to the name, by one who stands between. */
  planted: Uint8Array | undefined;

  constructor(ca: TestCa, nowMs: number) {
    this.signing = certify(ca, nowMs, keyPurposeId.OCSPSigning);
  }

  add(name: string, mode: Group['mode'] = 'sealed'): void {
    this.groups.set(name, { mode, keys: [new Uint8Array(randomBytes(32))], isMember: true });
  }

  nextEpoch(name: string): void {
    this.find(name).keys.push(new Uint8Array(randomBytes(32)));
  }

  find(name: string): Group {
    const group = this.groups.get(name);
    if (group === undefined) throw new PkiError('notFound', name);
    return group;
  }

  list(): KekGroupResource[] {
    return [...this.groups].flatMap(([group, { mode, keys, isMember }]) => {
      const at = '2026-06-01T00:00:00Z';
      const key = keys.at(-1) ?? new Uint8Array(32);
      const epoch = { epoch: keys.length, epoch_started_at: at, key_id: mode === 'sealed' ? groupKeyId(key) : null };
      return isMember
        ? [{ line: 'themis-main', line_id: 7, tenant: 'acme', group, mode, ...epoch, created_at: at }]
        : [];
    });
  }

  async open(
    name: GroupKeyName,
    { request }: OpenKekGroupBody,
    { identity, nowMs }: { readonly identity: ServiceIdentity; readonly nowMs: number },
  ): Promise<KekGroupDelivery> {
    const { certificate: clientCertificate } = identity;
    const asked = await verifyGroupDeliveryRequest(request, { ...name, certificate: clientCertificate, now: nowMs });
    const { keys, isMember } = this.find(name.group);
    if (!isMember) throw new PkiError('forbidden', name.group);
    const key = this.planted ?? keys[name.epoch - 1];
    if (key === undefined) throw new PkiError('notFound', `epoch ${name.epoch}`);
    const policy = {
      ...name,
      ...{ line_id: 7, current_epoch: keys.length, key_id: groupKeyId(key), issued_at: '2026-06-01T00:00:00Z' },
    };
    const { certificate, privateKey } = this.signing;
    const { enc, ciphertext, signature } = await sealGroupDelivery(
      { ...asked, clientCertificate },
      { key, policy, sign: async (octets) => new Uint8Array(sign('sha256', octets, privateKey)) },
    );
    return {
      ...{ kem: asked.kem, policy, chain_pem: '', signer_pem: encodePem('CERTIFICATE', certificate) },
      enc: Buffer.from(enc).toString('base64url'),
      ciphertext: Buffer.from(ciphertext).toString('base64url'),
      signature: Buffer.from(signature).toString('base64url'),
    };
  }
}

/** A key with a certificate for one purpose. */
export function certify(ca: TestCa, nowMs: number, purpose: string): Signing {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { der } = ca.issue({
    subjectPublicKeyInfo: new Uint8Array(publicKey.export({ format: 'der', type: 'spki' })),
    validity: { notBefore: nowMs - dayMs, notAfter: nowMs + 1_000 * dayMs },
    extensions: [
      { id: extensionId.keyUsage, critical: true, value: encodeKeyUsage(['digitalSignature']) },
      { id: extensionId.extKeyUsage, critical: false, value: encodeExtKeyUsage([purpose]) },
    ],
  });
  return { certificate: der, privateKey };
}

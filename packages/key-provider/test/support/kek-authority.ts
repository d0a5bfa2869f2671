import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import {
  type KekDelivery,
  type KekResource,
  type OpenKekBody,
  type OpenKekGroupBody,
  PkiError,
  type ReportKekBody,
} from '@vcc-pki/api';
import { encodePem } from '@vcc-pki/asn1';
import {
  deriveKek,
  encodeKekFacts,
  type GroupKeyName,
  type KekKem,
  kekFactsExtensionId,
  kekUri,
  sealDelivery,
  verifyDeliveryRequest,
} from '@vcc-pki/kek';
import {
  type Extension,
  encodeCRLDistributionPoints,
  encodeExtKeyUsage,
  encodeKeyUsage,
  encodeSubjectAltName,
  extensionId,
  kekKeyPurposeId,
  type RevocationReason,
  serialToHex,
} from '@vcc-pki/x509';
import type { KekServer, ManualTime, ServiceIdentity } from '../../src/index.ts';
import { GroupAuthority } from './group-authority.ts';
import { TestCa } from './test-ca.ts';

const dayMs = 86_400_000;
const lineId = 7;

interface Kek {
  resource: KekResource;
  readonly certificate: Uint8Array;
  readonly serialNumber: Uint8Array;
  readonly seed: Uint8Array;
}

/** What has been asked, in order: `list`, `open kek_1`, `crl`, `report`. */
export type AuthorityCall = string;

/**
 * A PKI in this process, on the clock of a test: a real CA, real CRLs, real sealed deliveries on signed requests. What it
 * lacks is a network, which a test takes from it with `failure`.
 */
export class KekAuthority implements KekServer {
  readonly calls: AuthorityCall[] = [];
  readonly reports: ReportKekBody[] = [];
  readonly ca: TestCa;
  readonly identity: ServiceIdentity;
  readonly groups: GroupAuthority;
  readonly time: ManualTime;
  /** While it is there, nothing is answered. */
  failure: Error | undefined;
  /** For as long as this is unsettled, nothing is answered. */
  hold: Promise<void> | undefined;
  /** Seeds are exchanged by one who stands between. */
  isForging = false;
  /** How long CRLs last. */
  crlDays = 1;
  /** Given instead of a new one. */
  frozenCrl: Uint8Array | undefined;
  crlNumber = 0;
  epoch = 0;
  keks: Kek[] = [];
  readonly #kem: KekKem;
  readonly #revoked: { serialNumber: Uint8Array; reason: RevocationReason }[] = [];
  #watchers: ((isNews: boolean) => void)[] = [];

  constructor(time: ManualTime, { kem = 'P-256' }: { readonly kem?: KekKem } = {}) {
    this.time = time;
    this.#kem = kem;
    const nowMs = time.now();
    const validity = { notBefore: nowMs - dayMs, notAfter: nowMs + 1_000 * dayMs };
    this.ca = new TestCa({ validity });
    this.groups = new GroupAuthority(this.ca, nowMs);
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const spki = new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }));
    this.identity = {
      certificate: this.ca.issue({ subjectPublicKeyInfo: spki, validity, extensions: [] }).der,
      privateKey,
    };
  }

  get trustedPem(): string {
    return encodePem('CERTIFICATE', this.ca.certificate.der);
  }

  /** Adds a version; the one that was primary is enabled when this one is. */
  async add(state: KekResource['state'] = 'PRIMARY', options: { readonly writeDays?: number } = {}): Promise<string> {
    this.epoch += 1;
    const version = this.keks.length + 1;
    const seed = randomBytes(32);
    const line = 'themis-main';
    const { kexPublicKey, root } = await deriveKek(seed, { line, version, kem: this.#kem });
    root.fill(0);
    const nowMs = this.time.now();
    const notAfter = nowMs + (options.writeDays ?? 90) * dayMs;
    const certificate = this.ca.issue({
      subjectPublicKeyInfo: kexPublicKey,
      validity: { notBefore: nowMs - 60_000, notAfter },
      extensions: kekExtensions({ line, version, notBefore: nowMs - 60_000, notAfter }),
    });
    const id = `kek_${version}`;
    const resource: KekResource = {
      ...{ id, line, line_id: lineId, version, kem: this.#kem, state, epoch: this.epoch },
      ...{ compromised: false, revoked: false, grants: ['read', 'write'] },
      not_before_write: new Date(nowMs - 60_000).toISOString(),
      not_after_write: new Date(notAfter).toISOString(),
      valid_until: new Date(notAfter).toISOString(),
      created_at: new Date(nowMs).toISOString(),
      state_changed_at: new Date(nowMs).toISOString(),
      certificate_id: `cert_${id}`,
      serial_number: serialToHex(certificate.serialNumber),
      cert: encodePem('CERTIFICATE', certificate.der),
    };
    this.keks.push({ resource, certificate: certificate.der, serialNumber: certificate.serialNumber, seed });
    if (state === 'PRIMARY') this.promote(id);
    return id;
  }

  promote(id: string): void {
    for (const { resource } of this.keks)
      if (resource.state === 'PRIMARY') this.change(resource.id, { state: 'ENABLED' });
    this.change(id, { state: 'PRIMARY' });
  }

  change(id: string, changes: Partial<KekResource>): void {
    const kek = this.find(id);
    this.epoch += 1;
    kek.resource = { ...kek.resource, ...changes };
    for (const one of this.keks) one.resource = { ...one.resource, epoch: this.epoch };
  }

  /** Lists the certificate in the CRL from now on; the list of KEKs says nothing of it. */
  revokeInCrl(id: string, reason: RevocationReason = 'keyCompromise'): void {
    this.#revoked.push({ serialNumber: this.find(id).serialNumber, reason });
  }

  /** Tells those who watch that something has happened. */
  push(): void {
    for (const watcher of this.#watchers) watcher(true);
  }

  find(id: string): Kek {
    const kek = this.keks.find(({ resource }) => resource.id === id);
    if (kek === undefined) throw new PkiError('notFound', id);
    return kek;
  }

  count(call: string): number {
    return this.calls.filter((one) => one === call).length;
  }

  async listKeks(tag: string | undefined) {
    await this.#answering('list');
    const keks = this.keks.map(({ resource }) => resource);
    const now = createHash('sha256').update(JSON.stringify(keks)).digest('hex');
    return { keks: tag === now ? undefined : keks, tag: now };
  }

  async openKek(id: string, body: OpenKekBody): Promise<KekDelivery> {
    await this.#answering(`open ${id}`);
    const { resource, certificate, seed } = this.find(id);
    const expected = { certificate: this.identity.certificate, kekId: id, now: this.time.now() };
    const { kem, publicKey, nonce } = await verifyDeliveryRequest(body.request, expected);
    if (resource.revoked && body.accept_compromised !== true) throw new PkiError('kekRevoked', id);
    const policy = {
      ...{ kek_id: id, line: resource.line, line_id: lineId, version: resource.version, state: resource.state },
      ...{ compromised: resource.compromised, epoch: resource.epoch, grants: resource.grants },
      not_before_write: resource.not_before_write,
      not_after_write: resource.not_after_write,
      issued_at: new Date(this.time.now()).toISOString(),
    };
    const binding = {
      kekId: id,
      kekCertificate: certificate,
      clientCertificate: this.identity.certificate,
      ...{ kem, publicKey, nonce },
    };
    const sealed = await sealDelivery(binding, { seed: this.isForging ? randomBytes(32) : seed, policy });
    return {
      kem,
      enc: Buffer.from(sealed.enc).toString('base64url'),
      ciphertext: Buffer.from(sealed.ciphertext).toString('base64url'),
      policy,
      certificate_pem: resource.cert,
      chain_pem: '',
    };
  }

  async listGroups() {
    await this.#answering('groups');
    return this.groups.list();
  }

  async openGroup(name: GroupKeyName, body: OpenKekGroupBody) {
    await this.#answering(`open ${name.group} ${name.epoch}`);
    return this.groups.open(name, body, { identity: this.identity, nowMs: this.time.now() });
  }

  async fetchCrl(_point?: string): Promise<Uint8Array> {
    await this.#answering('crl');
    if (this.frozenCrl !== undefined) return this.frozenCrl;
    return this.crl();
  }

  /** @param options.point address for which alone it is */
  crl(options: { readonly point?: string } = {}): Uint8Array {
    this.crlNumber += 1;
    const thisUpdate = Math.floor(this.time.now() / 1000) * 1000;
    return this.ca.crl({
      crlNumber: this.crlNumber,
      thisUpdate,
      nextUpdate: thisUpdate + this.crlDays * dayMs,
      revoked: this.#revoked,
      ...options,
    });
  }

  async report(_line: string, body: ReportKekBody) {
    await this.#answering('report');
    this.reports.push(body);
    return { line: 'themis-main', epoch: this.epoch };
  }

  async rotateKek(): Promise<KekResource> {
    await this.#answering('rotate');
    return this.find(await this.add('PENDING')).resource;
  }

  watch(onChange: (isNews: boolean) => void): () => void {
    this.#watchers.push(onChange);
    return () => {
      this.#watchers = this.#watchers.filter((one) => one !== onChange);
    };
  }

  async close(): Promise<void> {
    this.#watchers = [];
  }

  async #answering(call: AuthorityCall): Promise<void> {
    this.calls.push(call);
    await this.hold;
    if (this.failure !== undefined) throw this.failure;
  }
}

function kekExtensions(facts: { line: string; version: number; notBefore: number; notAfter: number }): Extension[] {
  const { line, version, notBefore, notAfter } = facts;
  const times = { notBeforeWrite: wholeSecond(notBefore), notAfterWrite: wholeSecond(notAfter) };
  const crlUrl = [{ type: 'uniformResourceIdentifier', value: 'http://pki.test/kek.crl' }] as const;
  return [
    { id: extensionId.keyUsage, critical: true, value: encodeKeyUsage(['keyAgreement']) },
    { id: extensionId.extKeyUsage, critical: true, value: encodeExtKeyUsage([kekKeyPurposeId]) },
    {
      id: extensionId.subjectAltName,
      critical: false,
      value: encodeSubjectAltName([{ type: 'uniformResourceIdentifier', value: kekUri({ line, version }) }]),
    },
    {
      id: extensionId.cRLDistributionPoints,
      critical: false,
      value: encodeCRLDistributionPoints([{ distributionPoint: { type: 'fullName', names: [...crlUrl] } }]),
    },
    { id: kekFactsExtensionId, critical: false, value: encodeKekFacts({ lineId, version, ...times }) },
  ];
}

function wholeSecond(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}

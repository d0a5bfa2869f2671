import { createPrivateKey, type KeyObject } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { dirname } from 'node:path';
import { encodePem, equalBytes, parsePem, toHex } from '@vcc-pki/asn1';
import {
  createSoftwareSigner,
  generateKey,
  type KeyType,
  signCertificateRequest,
  writeFileAtomically,
} from '@vcc-pki/signer';
import {
  type Certificate,
  decodeExtension,
  encodeGeneralName,
  extensionId,
  type GeneralName,
  ipAddressFromText,
  parseCertificate,
  parseSubjectAltName,
} from '@vcc-pki/x509';
import type { PkiConfig } from './config/index.ts';
import type { ServerTls } from './http/create-listener.ts';
import type { OrderedName } from './issuance/certificate-order.ts';
import type { IssuanceDeps } from './issuance/deps.ts';
import { issue } from './issuance/issue.ts';
import { ownPolicyEntry } from './own-policy-entry.ts';
import { issuedPem } from './store/index.ts';

/** The name under which the server's own certificates stand in the ledger; the whitelist lets it do nothing. */
const ownServiceId = 'pki-server';

export interface OwnCertificateOptions {
  readonly issuance: IssuanceDeps;
  /** PEM file of the certificate and its chain. */
  readonly certFile: string;
  /** PEM file of the key, mode 0600. */
  readonly keyFile: string;
  /** DNS names and addresses under which clients reach the server. */
  readonly names: readonly string[];
  readonly keyType: KeyType;
  readonly validityMs: number;
}

/** What the configuration says about the server's own certificate. */
export function ownCertificateOptions(config: PkiConfig, issuance: IssuanceDeps): OwnCertificateOptions {
  const { pkiServer, serviceCertificates } = config;
  return {
    issuance,
    certFile: pkiServer.sslCert,
    keyFile: pkiServer.sslKey,
    names: [...pkiServer.dnsNames, ...pkiServer.ipAddresses],
    keyType: serviceCertificates.defaultKeyType,
    validityMs: serviceCertificates.serverValidityDays * 86_400_000,
  };
}

/** The server's own TLS certificate: made by its own CA, renewed when two thirds of its life are over. */
export class OwnCertificate {
  readonly #options: OwnCertificateOptions;
  #tls: ServerTls;
  #renewAt: number;
  #certificate: Certificate;

  private constructor(options: OwnCertificateOptions, files: { key: string; cert: string }) {
    this.#options = options;
    const { tls, renewAt, certificate } = read(options, files);
    this.#tls = tls;
    this.#renewAt = renewAt;
    this.#certificate = certificate;
  }

  /** Loads the certificate from its folder, or makes it when there is none, it is due, or the names have changed. */
  static async load(options: OwnCertificateOptions): Promise<OwnCertificate> {
    const files = await readFiles(options);
    const own = files === undefined ? undefined : new OwnCertificate(options, files);
    if (own !== undefined && !own.isDue) return own;
    return new OwnCertificate(options, await make(options));
  }

  get tls(): ServerTls {
    return this.#tls;
  }

  /** Milliseconds since the epoch. */
  get notAfter(): number {
    return this.#certificate.validity.notAfter;
  }

  get certificate(): Certificate {
    return this.#certificate;
  }

  get isDue(): boolean {
    return this.#options.issuance.clock.now() >= this.#renewAt;
  }

  /** Makes a new key and certificate and writes them; `tls` is the new pair afterwards. */
  async renew(): Promise<void> {
    const next = read(this.#options, await make(this.#options));
    this.#tls = next.tls;
    this.#renewAt = next.renewAt;
    this.#certificate = next.certificate;
  }
}

function read({ issuance, names }: OwnCertificateOptions, files: { key: string; cert: string }) {
  const { issuer } = issuance;
  const [leaf, above] = parsePem(files.cert);
  if (leaf === undefined) throw new Error('the file of the server certificate has no certificate');
  const certificate = parseCertificate(leaf.der);
  const { validity, subjectPublicKeyInfo } = certificate;
  const isOurs = above !== undefined && equalBytes(above.der, issuer.certificate.der);
  const isPair = equalBytes(createSoftwareSigner(createPrivateKey(files.key)).publicKey, subjectPublicKeyInfo.der);
  const ca = [issuer.certificate.der, issuer.rootCertificate.der].map((der) => encodePem('CERTIFICATE', der));
  return {
    tls: { ...files, ca },
    certificate,
    // Due at once: one of an intermediate that is no longer in use, one for other names than the configured ones, and a
    // pair that a crash left half replaced.
    renewAt:
      isOurs && isPair && isFor(certificate, names)
        ? validity.notBefore + ((validity.notAfter - validity.notBefore) * 2) / 3
        : 0,
  };
}

/** Whether a certificate holds every name under which the server is reached, and none that it was reached under before. */
function isFor({ extensions }: Certificate, names: readonly string[]): boolean {
  const keyOf = (name: GeneralName): string => toHex(encodeGeneralName(name));
  const wanted = new Set([ownServiceId, ...names].map((name) => keyOf(toName(name).name)));
  const held = (decodeExtension(extensions, extensionId.subjectAltName, parseSubjectAltName) ?? [])
    // Its SPIFFE ID it has anyway.
    .filter(({ type }) => type !== 'uniformResourceIdentifier')
    .map(keyOf);
  return held.length === wanted.size && held.every((name) => wanted.has(name));
}

async function readFiles({
  certFile,
  keyFile,
}: OwnCertificateOptions): Promise<{ key: string; cert: string } | undefined> {
  try {
    return {
      cert: await readFile(certFile, 'utf8'),
      key: await readFile(keyFile, 'utf8'),
    };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The key goes first: a crash between the two leaves a pair that does not fit, which the next start finds and replaces. */
async function make(options: OwnCertificateOptions): Promise<{ key: string; cert: string }> {
  const { issuance, certFile, keyFile, validityMs } = options;
  const privateKey = await generateKey(options.keyType);
  const { certificate } = await issue(issuance, {
    order: {
      serviceId: ownServiceId,
      commonName: ownServiceId,
      names: options.names.map(toName),
      csr: await signCertificateRequest(privateKey),
      validity: { lengthMs: validityMs, field: 'server_validity_days' },
    },
    entry: ownPolicyEntry({
      ...options,
      serviceId: ownServiceId,
      trustDomain: issuance.rules.trustDomain,
      // Each renewal overlaps the one before; what a crash leaves behind counts too until it expires.
      maxCertificates: 100,
    }),
    origin: { fingerprint: null, clientIp: null, requestId: null, serviceId: ownServiceId },
    isOwn: true,
    isForServer: true,
  });
  const chain = issuance.issuer.chain.map((der) => encodePem('CERTIFICATE', der)).join('');
  const files = { key: keyPem(privateKey), cert: `${issuedPem(certificate)}${chain}` };
  await mkdir(dirname(keyFile), { recursive: true, mode: 0o700 });
  await mkdir(dirname(certFile), { recursive: true, mode: 0o700 });
  await writeFileAtomically({ path: keyFile, contents: files.key, mode: 0o600, overwrite: 'replace' });
  await writeFileAtomically({ path: certFile, contents: files.cert, mode: 0o644, overwrite: 'replace' });
  return files;
}

function keyPem(privateKey: KeyObject): string {
  return privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
}

function toName(text: string): OrderedName {
  const name: GeneralName =
    isIP(text) === 0
      ? { type: 'dNSName', value: text.toLowerCase() }
      : { type: 'iPAddress', value: ipAddressFromText(text) };
  return { field: 'pki_server.dns_names', name };
}

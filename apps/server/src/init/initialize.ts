import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { encodePem } from '@vcc-pki/asn1';
import { writeFileAtomically, writeKeyFile } from '@vcc-pki/signer';
import { type AttributeInput, formatName, serialToHex } from '@vcc-pki/x509';
import { publicationUrls, toIssuer } from '../authority/load-issuer.ts';
import type { Clock } from '../clock.ts';
import {
  configFolder,
  defaultConfigFiles,
  exists,
  type InitialSettings,
  loadConfig,
  type PkiConfig,
} from '../config/index.ts';
import { databaseFile, databaseUrl } from '../database-url.ts';
import { createKekRoot } from '../keks/kek-root.ts';
import { type IssuerRole, openStore, type Store } from '../store/index.ts';
import { adminFilePaths, issueFirstCertificates } from './first-certificates.ts';
import { createIntermediate, createRoot, type NewAuthority } from './hierarchy.ts';
import { createRootCrl } from './root-crl.ts';

export interface InitializeOptions {
  /** Folder of the PKI; made when absent. Configuration files that are there already are used as they are. */
  readonly directory: string;
  /** Of the intermediate key, UTF-8 octets. */
  readonly passphrase: Uint8Array;
  /** Of the root key; the same as `passphrase` when absent. */
  readonly rootPassphrase?: Uint8Array | undefined;
  /** Written into the configuration files that `init` makes, like the three below; ignored when those are there already. */
  readonly subject?: Partial<Record<'organization' | 'country' | 'state' | 'locality', string>> | undefined;
  /** Under which clients reach the server; the first goes into the URLs of every certificate. */
  readonly dnsNames?: readonly string[] | undefined;
  readonly port?: number | undefined;
  readonly publicPort?: number | undefined;
  readonly clock: Clock;
  /** Told before each step, for progress. */
  readonly onProgress?: ((step: string) => void) | undefined;
}

export interface Initialized {
  readonly directory: string;
  /** SHA-256 of the root certificate in DER, lower-case hex: what clients pin. */
  readonly rootFingerprint: string;
  readonly intermediateFingerprint: string;
  /** Every file that was made. */
  readonly files: readonly string[];
}

/** A PKI folder that cannot be initialised, because something is there. */
export class AlreadyInitializedError extends Error {
  override readonly name = 'AlreadyInitializedError';
}

/**
 * Makes a PKI from nothing: configuration, root, intermediate, ledger, the root's first CRL, and the first certificates
 * (the server's own, and one for `admin-cli`). Never overwrites anything.
 *
 * The public copy of the root certificate is written last: where it stands, everything else does. An `init` that was cut
 * off leaves files that the next one names and refuses to touch; nothing was issued from them, they can be deleted.
 * @throws {@link AlreadyInitializedError}; `ConfigError` for configuration files that are not in order.
 */
export async function initializePki(options: InitializeOptions): Promise<Initialized> {
  const { directory, clock, onProgress = () => undefined } = options;
  const files: string[] = [];
  onProgress('configuration');
  const config = await prepareConfig(options, files);
  await refuseExisting(config, directory);
  const now = clock.now();
  const backdateMs = config.serviceCertificates.backdateSeconds * 1000;
  const { publicUrl } = config.pkiServer;
  const urls = {
    crlUrl: (issuerId: string) => publicationUrls(publicUrl, issuerId).crlUrl,
    caIssuersUrl: (issuerId: string) => publicationUrls(publicUrl, issuerId).caIssuersUrl,
  };

  onProgress('root CA');
  const root = await createRoot({ ...planOf(config, 'rootCa'), pathLenConstraint: 1 }, { now, backdateMs, urls });
  onProgress('intermediate CA');
  const plan = { ...planOf(config, 'intermediateCa'), pathLenConstraint: 0 };
  const intermediate = await createIntermediate(plan, root, { now, backdateMs, urls });
  onProgress('encrypting the keys');
  await writeAuthority(root, {
    keyFile: config.rootCa.keyFile,
    passphrase: options.rootPassphrase ?? options.passphrase,
    files,
  });
  await writeAuthority(intermediate, { keyFile: config.intermediateCa.keyFile, passphrase: options.passphrase, files });
  const { rootKeyFile } = config.keks;
  await createKekRoot({ path: rootKeyFile, passphrase: options.passphrase });
  files.push(rootKeyFile);
  await writeCertificate(config.intermediateCa.certFile, intermediate, files);

  onProgress('ledger');
  const issuer = toIssuer({
    certificate: intermediate.certificate,
    rootCertificate: root.certificate,
    signer: intermediate.signer,
    publicUrl,
    crlShards: config.security.crlShards,
    ocspEnabled: config.ocsp.enabled,
  });
  await mkdir(dirname(databaseFile(config) ?? directory), { recursive: true, mode: 0o700 });
  const store = await openStore({ url: databaseUrl(config) });
  try {
    await recordAuthority(store, { authority: root, role: 'root', parent: null, crlShards: null, now });
    const { crlShards } = config.security;
    await recordAuthority(store, {
      ...{ authority: intermediate, role: 'intermediate', parent: root.issuerId },
      ...{ crlShards, now },
    });
    await store.ledger.submit('publishCrl', {
      ...(await createRootCrl(root, now, backdateMs)),
      audit: auditOf('publish-crl', { issuer_id: root.issuerId, number: 1 }, now),
    });
    onProgress('first certificates');
    files.push(...(await issueFirstCertificates({ config, directory, store, issuer, clock })));
  } finally {
    await store.close();
  }
  await writeCertificate(config.rootCa.certFile, root, files);
  return {
    directory,
    rootFingerprint: fingerprintOf(root),
    intermediateFingerprint: fingerprintOf(intermediate),
    files,
  };
}

async function prepareConfig(options: InitializeOptions, files: string[]): Promise<PkiConfig> {
  const folder = join(options.directory, configFolder);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const { name, text } of defaultConfigFiles(initialSettings(options))) {
    const path = join(folder, name);
    if (await exists(path)) continue;
    await writeFileAtomically({ path, contents: text, mode: 0o644, overwrite: 'never' });
    files.push(path);
  }
  return loadConfig(options.directory);
}

function initialSettings({ subject = {}, dnsNames, port, publicPort }: InitializeOptions): InitialSettings {
  return {
    root_ca: subject,
    pki_server: {
      ...(dnsNames !== undefined && { dns_names: [...dnsNames] }),
      ...(port !== undefined && { port }),
      ...(publicPort !== undefined && { public_port: publicPort }),
    },
  };
}

async function refuseExisting(config: PkiConfig, directory: string): Promise<void> {
  const { rootCa, intermediateCa, pkiServer } = config;
  const file = databaseFile(config);
  if (await exists(rootCa.certFile)) {
    throw new AlreadyInitializedError(`there is a PKI already: ${rootCa.certFile}; it is never overwritten`);
  }
  const candidates = [
    rootCa.keyFile,
    intermediateCa.certFile,
    intermediateCa.keyFile,
    config.keks.rootKeyFile,
    pkiServer.sslCert,
    pkiServer.sslKey,
    ...adminFilePaths(directory),
    // SQLite's own files too: a write-ahead log that outlives its database would be played into the next one.
    ...(file === undefined ? [] : [file, `${file}-wal`, `${file}-shm`, `${file}.lock`]),
  ];
  const found: string[] = [];
  for (const path of candidates) if (await exists(path)) found.push(path);
  if (found.length === 0) return;
  throw new AlreadyInitializedError(
    `an earlier init did not come to its end; nothing was issued from what it left. Delete these and try again:\n  ${found.join('\n  ')}`,
  );
}

/** The names of both CAs share everything but the common name, and it comes last as people expect it. */
function planOf(config: PkiConfig, which: 'rootCa' | 'intermediateCa') {
  const { country, state, locality, organization, organizationalUnit } = config.rootCa;
  const subject: AttributeInput[] = [
    { type: 'countryName', value: country },
    { type: 'stateOrProvinceName', value: state },
    { type: 'localityName', value: locality },
    { type: 'organizationName', value: organization },
    ...(organizationalUnit === undefined
      ? []
      : [{ type: 'organizationalUnitName' as const, value: organizationalUnit }]),
    { type: 'commonName', value: config[which].commonName },
  ];
  return { subject, keyType: config[which].keyType, validityYears: config[which].validityYears };
}

/** The key, encrypted, and beside it the certificate: what is carried away together. */
async function writeAuthority(
  authority: NewAuthority,
  target: { keyFile: string; passphrase: Uint8Array; files: string[] },
): Promise<void> {
  await mkdir(dirname(target.keyFile), { recursive: true, mode: 0o700 });
  await writeKeyFile({ path: target.keyFile, privateKey: authority.privateKey, passphrase: target.passphrase });
  target.files.push(target.keyFile);
}

async function writeCertificate(path: string, authority: NewAuthority, files: string[]): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const contents = encodePem('CERTIFICATE', authority.certificate.der);
  await writeFileAtomically({ path, contents, mode: 0o644, overwrite: 'never' });
  files.push(path);
}

async function recordAuthority(
  store: Store,
  entry: { authority: NewAuthority; role: IssuerRole; parent: string | null; crlShards: number | null; now: number },
): Promise<void> {
  const { certificate, issuerId } = entry.authority;
  await store.ledger.submit('recordIssuer', {
    issuerId,
    subject: formatName(certificate.subject),
    certificatePem: encodePem('CERTIFICATE', certificate.der),
    role: entry.role,
    serialNumber: serialToHex(certificate.serialNumber),
    fingerprintSha256: fingerprintOf(entry.authority),
    notBefore: certificate.validity.notBefore,
    notAfter: certificate.validity.notAfter,
    parentIssuerId: entry.parent,
    crlShards: entry.crlShards,
    audit: auditOf('create-ca', { issuer_id: issuerId, role: entry.role }, entry.now),
  });
}

function auditOf(action: string, details: Record<string, string | number>, timestamp: number) {
  return {
    timestamp,
    requestId: null,
    serviceId: null,
    action,
    certificateId: null,
    clientIp: null,
    clientCertFingerprint: null,
    status: 'success' as const,
    details,
  };
}

function fingerprintOf({ certificate }: NewAuthority): string {
  return createHash('sha256').update(certificate.der).digest('hex');
}

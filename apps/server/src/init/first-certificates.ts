import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { encodePem } from '@vcc-pki/asn1';
import { generateKey, signCertificateRequest, writeFileAtomically } from '@vcc-pki/signer';
import type { Issuer } from '../authority/issuer.ts';
import type { Clock } from '../clock.ts';
import { type PkiConfig, policyDefaults } from '../config/index.ts';
import type { IssuanceDeps } from '../issuance/deps.ts';
import { issue } from '../issuance/issue.ts';
import { profileByName } from '../issuance/profiles.ts';
import { toIssuanceRules } from '../issuance-rules.ts';
import { createMetrics } from '../metrics.ts';
import { OwnCertificate, ownCertificateOptions } from '../own-certificate.ts';
import { createPolicy } from '../policy/index.ts';
import { issuedPem, type Store } from '../store/index.ts';

/** Who operates the PKI: the service id of the whitelist entry with the operation `admin`. */
const adminServiceId = 'admin-cli';

/** What `init` writes for the administrator, in its order. */
const adminFiles = ['key.pem', 'cert.pem', 'fullchain.pem', 'root-ca.pem', 'metadata.json'] as const;

/** Where the administrator's files lie in the folder of a PKI. */
export function adminFilePaths(directory: string): string[] {
  return adminFiles.map((name) => join(directory, adminServiceId, name));
}

/**
 * Issues the certificates without which nobody could ask for one: the server's own, and one for the administrator, in the
 * folder `admin-cli` in the form in which `create-certificate` writes them.
 * @returns the files that were made.
 */
export async function issueFirstCertificates(parts: {
  config: PkiConfig;
  directory: string;
  store: Store;
  issuer: Issuer;
  clock: Clock;
}): Promise<string[]> {
  const { config, directory } = parts;
  const issuance: IssuanceDeps = {
    ...parts,
    policy: createPolicy(config.whitelist, policyDefaults(config)),
    metrics: createMetrics(),
    rules: toIssuanceRules(config, 'init'),
    faultPoint: () => undefined,
  };
  await OwnCertificate.load(ownCertificateOptions(config, issuance));
  const { sslCert, sslKey } = config.pkiServer;
  return [sslCert, sslKey, ...(await issueAdminCertificate(issuance, directory))];
}

async function issueAdminCertificate(issuance: IssuanceDeps, directory: string): Promise<string[]> {
  const entry = issuance.policy.entryFor(adminServiceId);
  if (entry === undefined) {
    throw new Error(`service_whitelist.yaml has no entry for ${adminServiceId}: nobody could administer this PKI`);
  }
  const privateKey = await generateKey('P-256');
  const { certificate } = await issue(issuance, {
    order: {
      serviceId: adminServiceId,
      names: [],
      csr: await signCertificateRequest(privateKey),
      profile: profileByName('client'),
    },
    entry,
    origin: { fingerprint: null, clientIp: null, requestId: null, serviceId: adminServiceId },
  });
  const { issuer } = issuance;
  const chain = issuer.chain.map((der) => encodePem('CERTIFICATE', der)).join('');
  const pem = issuedPem(certificate);
  const metadata = {
    certificate_id: certificate.certificateId,
    service_name: adminServiceId,
    serial_number: certificate.serialNumber,
    not_before: new Date(certificate.notBefore).toISOString(),
    not_after: new Date(certificate.notAfter).toISOString(),
  };
  const contents: Readonly<Record<(typeof adminFiles)[number], string>> = {
    'key.pem': privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    'cert.pem': pem,
    'fullchain.pem': `${pem}${chain}`,
    'root-ca.pem': encodePem('CERTIFICATE', issuer.rootCertificate.der),
    'metadata.json': `${JSON.stringify(metadata, null, 2)}\n`,
  };
  await mkdir(join(directory, adminServiceId), { recursive: true, mode: 0o700 });
  for (const name of adminFiles) {
    const path = join(directory, adminServiceId, name);
    const mode = name === 'key.pem' ? 0o600 : 0o644;
    await writeFileAtomically({ path, contents: contents[name], mode, overwrite: 'never' });
  }
  return adminFilePaths(directory);
}

import { hash } from 'node:crypto';
import { PkiError } from '@vcc-pki/api';
import { DerError } from '@vcc-pki/asn1';
import {
  type CertificateRequest,
  checkPublicKey,
  type Extension,
  type GeneralName,
  parseCertificateRequest,
  type SubjectPublicKeyInfo,
  signatureAlgorithmOf,
  type Validity,
  verifyCertificateRequest,
  X509Error,
} from '@vcc-pki/x509';
import type { Issuer } from '../authority/issuer.ts';
import { keyTypeName } from '../authority/key-type-name.ts';
import type { Policy, PolicyEntry } from '../policy/index.ts';
import type { CertificateOrder } from './certificate-order.ts';
import { type CertificateProfile, defaultProfile } from './profiles.ts';
import { checkRequestedExtensions } from './requested-extensions.ts';
import { collectNames, type RequestedNames } from './requested-names.ts';
import { chooseValidity, rulesFor, type ValidityDefaults } from './validity.ts';

declare const verified: unique symbol;

/** A request that every check has passed; only {@link verifyCsr} makes it, and for keys of our own `kekRequest`. */
export interface VerifiedRequest {
  readonly [verified]: true;
  readonly serviceId: string;
  readonly commonName: string;
  readonly names: readonly GeneralName[];
  readonly subjectPublicKeyInfo: SubjectPublicKeyInfo;
  /** SHA-256 of the SubjectPublicKeyInfo, lower-case hex. */
  readonly spkiSha256: string;
  readonly keyType: string;
  readonly validity: Validity;
  readonly profile: CertificateProfile;
  readonly metadata: Readonly<Record<string, string>>;
  /** Extensions of the profile's own. */
  readonly extensions?: readonly Extension[] | undefined;
}

export interface JudgeContext {
  readonly policy: Policy;
  /** The whitelist entry of the service that the certificate will name. */
  readonly entry: PolicyEntry;
  readonly issuer: Issuer;
  readonly validity: ValidityDefaults;
  readonly now: number;
}

/**
 * Stop 2, the judge: proof of possession, key strength, names, validity.
 * @throws {@link PkiError} `badCSR`, `badSignatureAlgorithm`, `badPublicKey`, `rejectedIdentifier`, `badValidity`, `malformed`
 */
export async function verifyCsr(order: CertificateOrder, context: JudgeContext): Promise<VerifiedRequest> {
  const csr = parse(order.csr);
  const profile = order.profile ?? defaultProfile;
  const keyType = checkKey(csr, order, context.entry);
  const { commonName, names } = collect({ ...order, profile }, csr, context);
  context.policy.checkNames(context.entry, { commonName, names });
  const validity = chooseValidity(order.validity, {
    now: context.now,
    rules: rulesFor(profile, { ...context.validity, maxMs: context.entry.maxValidityMs }),
    issuer: context.issuer,
  });
  await checkProofOfPossession(csr);
  return {
    serviceId: order.serviceId,
    commonName,
    names: names.map(({ name }) => name),
    subjectPublicKeyInfo: csr.subjectPublicKeyInfo,
    spkiSha256: hash('sha256', csr.subjectPublicKeyInfo.der, 'hex'),
    keyType,
    validity,
    profile,
    metadata: order.metadata ?? {},
  } as unknown as VerifiedRequest;
}

function parse(der: Uint8Array): CertificateRequest {
  return orRefuse('badCSR', () => {
    const csr = parseCertificateRequest(der);
    checkRequestedExtensions(csr);
    return csr;
  });
}

function collect(order: CertificateOrder, csr: CertificateRequest, context: JudgeContext): RequestedNames {
  // CA/B BR 7.1.2.8.2: a responder has no subjectAltName; nobody connects to it under its certificate.
  if (order.profile?.holder === 'ocspResponder') return { commonName: order.serviceId, names: [] };
  return orRefuse('badCSR', () => collectNames(order, csr, () => context.policy.defaultNames(order.serviceId)));
}

function checkKey(csr: CertificateRequest, order: CertificateOrder, entry: PolicyEntry): string {
  orRefuse('badSignatureAlgorithm', () => signatureAlgorithmOf(csr.signatureAlgorithm));
  orRefuse('badPublicKey', () => checkPublicKey(csr.subjectPublicKeyInfo.der));
  const keyType = keyTypeName(csr.subjectPublicKeyInfo.der);
  if (!entry.allowedKeyTypes.has(keyType)) {
    const allowed = [...entry.allowedKeyTypes].join(', ');
    throw new PkiError('badPublicKey', `keys of type ${keyType} are not allowed here; allowed: ${allowed}`, {
      field: 'csr',
    });
  }
  checkHints(order, keyType);
  return keyType;
}

/** `key_type` and `key_size` steer the client that makes the key; a server that ignored a mismatch would hide a mistake. */
function checkHints(order: CertificateOrder, keyType: string): void {
  if (order.keyType !== undefined && order.keyType !== keyType && !keyType.startsWith(`${order.keyType}-`)) {
    throw new PkiError('badPublicKey', `the request says ${order.keyType}, the CSR has ${keyType}`, {
      field: 'key_type',
    });
  }
  if (order.keySize !== undefined && keyType.startsWith('RSA-') && keyType !== `RSA-${order.keySize}`) {
    throw new PkiError('badPublicKey', `the request says ${order.keySize} bits, the CSR has ${keyType}`, {
      field: 'key_size',
    });
  }
}

async function checkProofOfPossession(csr: CertificateRequest): Promise<void> {
  if (await verifyCertificateRequest(csr)) return;
  throw new PkiError('badCSR', 'the signature of the CSR does not fit the public key in it', { field: 'csr' });
}

/** Runs a parser or check of the packages and gives its typed error the code of this stop; all else is our own bug. */
function orRefuse<T>(code: 'badCSR' | 'badSignatureAlgorithm' | 'badPublicKey', run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof DerError || error instanceof X509Error) {
      throw new PkiError(code, error.message, { field: 'csr', cause: error });
    }
    throw error;
  }
}

import { toHex } from '@vcc-pki/asn1';
import { createSoftwareSigner, generateKey, type Signer } from '@vcc-pki/signer';
import {
  buildTbsCertificate,
  type Certificate,
  encodeCertId,
  encodeName,
  encodeOcspRequest,
  encodeSigned,
  hashIssuer,
  keyIdentifier,
  type OcspResponse,
  parseCertificate,
  parseOcspResponse,
  responderKeyHash,
  serialFromHex,
} from '@vcc-pki/x509';
import { createMetrics } from '../../apps/server/src/metrics.ts';
import { createOcspMetrics } from '../../apps/server/src/ocsp/ocsp-metrics.ts';
import { OcspResponder } from '../../apps/server/src/ocsp/ocsp-responder.ts';
import { ResponderKey } from '../../apps/server/src/ocsp/responder-key.ts';
import type { Store } from '../../apps/server/src/store/index.ts';
import type { Lifetime } from './lifetime.ts';
import { hourMs } from './manual-clock.ts';

const clock = { now: () => Date.now() };

export interface LoneResponder {
  /** Lower-case hex. */
  readonly issuerIds: readonly string[];
  /** What was told to the operator. */
  readonly failures: readonly unknown[];
  /** Asks about a serial number of one of the issuers. */
  ask(question: { issuer?: number; serial?: string; nonce?: Uint8Array }): Promise<OcspResponse>;
  /** Everything measured, as Prometheus reads it. */
  metrics(): Promise<string>;
}

export interface LoneResponderOptions {
  /** How many CAs it answers for, all of one name; each signs with its own key. */
  readonly issuers?: number;
  /** Instead of signing. */
  readonly sign?: Signer['sign'];
  /** Thrown where a responder certificate was to be made. */
  readonly failure?: Error;
}

/** The OCSP responder over a store, without a server around it. */
export async function loneResponder(
  t: Lifetime,
  store: Store,
  { issuers = 1, sign, failure }: LoneResponderOptions = {},
): Promise<LoneResponder> {
  const failures: unknown[] = [];
  const cas = await Promise.all(Array.from({ length: issuers }, () => makeCa({ sign, failure, failures })));
  const { registry } = createMetrics();
  const responder = new OcspResponder({
    ...{ clock, store, metrics: createOcspMetrics(registry), issuers: cas },
    ...{ validityMs: hourMs, backdateMs: 0, cacheEntries: 10 },
    onFailure: (error) => failures.push(error),
  });
  await responder.start();
  t.after(() => responder.close());
  return {
    issuerIds: cas.map(({ issuerId }) => issuerId),
    failures,
    ask: async ({ issuer = 0, serial = '41', nonce }) => {
      const hashes = hashIssuer((cas[issuer] as (typeof cas)[number]).certificate, 'sha256');
      const certId = encodeCertId(hashes, serialFromHex(serial));
      const { der } = await responder.answer(encodeOcspRequest([certId], nonce === undefined ? {} : { nonce }));
      return parseOcspResponse(der);
    },
    metrics: () => registry.metrics(),
  };
}

async function makeCa(options: { sign: Signer['sign'] | undefined; failure: Error | undefined; failures: unknown[] }) {
  const own = createSoftwareSigner(await generateKey('P-256'));
  const { publicKey, signatureAlgorithm } = own;
  const sign = options.sign ?? ((data: Uint8Array) => own.sign(data));
  const signer: Signer = { publicKey, signatureAlgorithm, sign, close: () => own.close() };
  const certificate = await selfSigned(own);
  const key = new ResponderKey({
    clock,
    make: async () => {
      if (options.failure !== undefined) throw options.failure;
      const validity = { notBefore: Date.now(), notAfter: Date.now() + 24 * hourMs };
      return { signer, certificate: certificate.der, keyHash: responderKeyHash(publicKey), ...validity };
    },
    onRenewed: () => undefined,
    onFailure: (error) => options.failures.push(error),
  });
  return { issuerId: toHex(keyIdentifier(publicKey)), certificate, key };
}

async function selfSigned(signer: Signer): Promise<Certificate> {
  const name = encodeName([{ type: 'commonName', value: 'CA' }]);
  const tbs = buildTbsCertificate({
    serialNumber: serialFromHex('01'),
    signatureAlgorithm: signer.signatureAlgorithm,
    ...{ issuer: name, subject: name, subjectPublicKeyInfo: signer.publicKey, extensions: [] },
    validity: { notBefore: 0, notAfter: 4e12 },
  });
  return parseCertificate(encodeSigned(tbs.der, signer.signatureAlgorithm, await signer.sign(tbs.der)));
}

import type { PkiConfig } from './config/index.ts';
import type { IssuanceDeps } from './issuance/deps.ts';
import type { Log } from './log.ts';
import { createOcspMetrics } from './ocsp/ocsp-metrics.ts';
import { OcspResponder } from './ocsp/ocsp-responder.ts';
import { ResponderKey } from './ocsp/responder-key.ts';
import { makeResponderCredential } from './ocsp-responder-certificate.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Starts the OCSP responder of the server's issuer; `undefined` when the configuration has it switched off. */
export async function openOcsp(
  config: PkiConfig,
  issuance: IssuanceDeps,
  log: Log,
): Promise<OcspResponder | undefined> {
  const { ocsp, serviceCertificates } = config;
  if (!ocsp.enabled) return undefined;
  const { clock, store, issuer } = issuance;
  const metrics = createOcspMetrics(issuance.metrics.registry);
  const keyOptions = { keyType: ocsp.responderKeyType, validityMs: ocsp.responderValidityDays * dayMs };
  const key = new ResponderKey({
    clock,
    make: () => makeResponderCredential(issuance, keyOptions),
    onRenewed: ({ notAfter }) => metrics.responderNotAfter.set({ issuer: issuer.commonName }, notAfter / 1000),
    onFailure: (error) => log.error({ err: error }, 'there is no new OCSP responder certificate; tried again soon'),
  });
  const responder = new OcspResponder({
    ...{ clock, store, metrics },
    issuers: [{ issuerId: issuer.issuerId, certificate: issuer.certificate, key }],
    validityMs: ocsp.validityHours * hourMs,
    backdateMs: serviceCertificates.backdateSeconds * 1000,
    cacheEntries: ocsp.cacheEntries,
    onFailure: (error, what) => log.error({ err: error }, what),
  });
  await responder.start();
  return responder;
}

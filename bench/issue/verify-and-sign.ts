import { PkiError, type RequestCertificateBody, routes } from '@vcc-pki/api';
import { encodePem } from '@vcc-pki/asn1';
import { checkPublicKey, encodeSigned, parseCertificateRequest, verifyCertificateRequest } from '@vcc-pki/x509';
import type { App } from '../../apps/server/src/app.ts';
import { checkRoutePermission, identify } from '../../apps/server/src/http/gate.ts';
import { csrDer } from '../../apps/server/src/http/routes/certificate-order.ts';
import { chainPem } from '../../apps/server/src/http/routes/certificate-resource.ts';
import type { IssuanceDeps } from '../../apps/server/src/issuance/deps.ts';

export const verifyAndSignPath = '/bench/verify-and-sign';

/** Says how much processor time the server has used so far, all of its threads together, in milliseconds. */
export const processorTimePath = '/bench/processor-time';

/** Octets of the to-be-signed certificate and of the answer that issuing gives for the same body. */
const tbsOctets = 560;
const answerOctets = 3400;

/**
 * What the benchmark holds issuing against: the same gate, body, checks of the CSR and of its key, the same CA key over
 * as many octets, an answer of the same size; and nothing else. No names are judged, nothing is drafted, linted,
 * recorded, counted or audited.
 */
export function addMeasuredRoutes(api: App['api'], deps: IssuanceDeps): void {
  const { signer } = deps.issuer;
  const chain = chainPem(deps.issuer);
  const gate = { ...deps, noteSeen: () => undefined };
  api.get(processorTimePath, () => {
    const { user, system } = process.cpuUsage();
    return { milliseconds: (user + system) / 1000 };
  });
  api.post<{ Body: RequestCertificateBody }>(verifyAndSignPath, {
    schema: { body: routes.requestCertificate.body.schema },
    onRequest: async (request) => checkRoutePermission(deps.policy, await identify(gate, request), 'request'),
    handler: async ({ body }, reply) => {
      const csr = parseCertificateRequest(csrDer(body.csr));
      checkPublicKey(csr.subjectPublicKeyInfo.der);
      if (!(await verifyCertificateRequest(csr))) throw new PkiError('badCSR', 'not signed by its own key');
      const tbs = new Uint8Array(tbsOctets);
      tbs.set(csr.subjectPublicKeyInfo.der);
      const signed = encodeSigned(tbs, signer.signatureAlgorithm, await signer.sign(tbs));
      const answer = { certificate_pem: encodePem('CERTIFICATE', signed), chain_pem: chain };
      reply.code(201).type('application/json');
      return JSON.stringify(answer).padEnd(answerOctets);
    },
  });
}

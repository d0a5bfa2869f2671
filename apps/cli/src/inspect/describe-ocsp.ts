import { hash } from 'node:crypto';
import { toHex } from '@vcc-pki/asn1';
import {
  type BasicOcspResponse,
  type CertId,
  formatName,
  type OcspCertStatus,
  type OcspSingleResponse,
  parseOcspRequest,
  parseOcspResponse,
  type ResponderId,
  serialToDecimal,
  serialToHex,
} from '@vcc-pki/x509';
import { timeText, toTimestamp } from '../time-text.ts';
import { describeExtensions } from './describe-extensions.ts';
import type { Description, DescriptionContext } from './description.ts';
import { generalNameText } from './general-name-text.ts';
import { signatureName, signatureText } from './signature-name.ts';

/** Tells what a DER OCSP request asks. @throws {@link DerError}, {@link X509Error} */
export function describeOcspRequest(der: Uint8Array): Description {
  const request = parseOcspRequest(der);
  const requestor = request.requestorName && generalNameText(request.requestorName);
  const extensions = describeExtensions(request.extensions);
  return {
    title: 'OCSP request',
    facts: [
      ['requestor', requestor],
      ['signed', request.isSigned ? 'yes; the signature is not verified' : 'no'],
      ['SHA-256', hash('sha256', der)],
    ],
    extensions,
    table: {
      title: 'asks about',
      head: ['serial number', 'hash', 'issuer name hash', 'issuer key hash'],
      rows: request.requests.map(({ certId }) => [
        serialToHex(certId.serialNumber),
        certId.hash ?? 'unknown',
        toHex(certId.issuerNameHash),
        toHex(certId.issuerKeyHash),
      ]),
      omitted: 0,
    },
    json: {
      kind: 'ocspRequest',
      requestor_name: requestor ?? null,
      signed: request.isSigned,
      requests: request.requests.map((one) => ({
        ...certIdJson(one.certId),
        extensions: describeExtensions(one.extensions).map(({ json }) => json),
      })),
      extensions: extensions.map(({ json }) => json),
    },
  };
}

/** Tells what a DER OCSP response answers; its signature is `vcc-pki verify`'s question. @throws {@link DerError}, {@link X509Error} */
export function describeOcspResponse(der: Uint8Array, context: DescriptionContext): Description {
  const response = parseOcspResponse(der);
  if (response.status === 'successful') return describeAnswer(response.response, context);
  return {
    title: 'OCSP error response',
    facts: [['status', response.status]],
    json: { kind: 'ocspResponse', status: response.status },
  };
}

function describeAnswer(answer: BasicOcspResponse, { now }: DescriptionContext): Description {
  const extensions = describeExtensions(answer.extensions);
  const responder = responderText(answer.responderId);
  return {
    title: 'OCSP response',
    facts: [
      ['status', 'successful'],
      ['responder', responder],
      ['produced at', timeText(toTimestamp(answer.producedAt), now)],
      ['signed with', signatureText(answer.signatureAlgorithm)],
      ['certificates', answer.certificates.length === 0 ? 'none' : `${answer.certificates.length}, told below`],
    ],
    extensions,
    table: {
      title: 'answers',
      head: ['serial number', 'status', 'this update', 'next update', 'issuer key hash'],
      rows: answer.responses.map((one) => [
        serialToHex(one.certId.serialNumber),
        statusText(one.status),
        toTimestamp(one.thisUpdate),
        one.nextUpdate === undefined ? 'not said' : toTimestamp(one.nextUpdate),
        toHex(one.certId.issuerKeyHash),
      ]),
      omitted: 0,
    },
    json: {
      kind: 'ocspResponse',
      status: 'successful',
      responder,
      produced_at: toTimestamp(answer.producedAt),
      signature_algorithm: signatureName(answer.signatureAlgorithm),
      responses: answer.responses.map(answerJson),
      extensions: extensions.map(({ json }) => json),
      certificate_count: answer.certificates.length,
    },
  };
}

function answerJson(one: OcspSingleResponse): Readonly<Record<string, unknown>> {
  return {
    ...certIdJson(one.certId),
    status: one.status.type,
    ...(one.status.type === 'revoked' && {
      revoked_at: toTimestamp(one.status.revokedAt),
      reason: one.status.reason ?? 'unspecified',
    }),
    this_update: toTimestamp(one.thisUpdate),
    next_update: one.nextUpdate === undefined ? null : toTimestamp(one.nextUpdate),
    extensions: describeExtensions(one.extensions).map(({ json }) => json),
  };
}

function certIdJson(certId: CertId): Readonly<Record<string, unknown>> {
  return {
    serial_number: serialToHex(certId.serialNumber),
    serial_number_decimal: serialToDecimal(certId.serialNumber),
    hash: certId.hash ?? null,
    issuer_name_hash: toHex(certId.issuerNameHash),
    issuer_key_hash: toHex(certId.issuerKeyHash),
  };
}

function statusText(status: OcspCertStatus): string {
  if (status.type !== 'revoked') return status.type;
  return `revoked ${toTimestamp(status.revokedAt)} (${status.reason ?? 'unspecified'})`;
}

function responderText(responderId: ResponderId): string {
  return responderId.type === 'byName'
    ? formatName(responderId.name)
    : `key with the SHA-1 ${toHex(responderId.keyHash)}`;
}

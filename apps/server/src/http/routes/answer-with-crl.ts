import { Readable } from 'node:stream';
import { type CrlResource, PkiError, type RevocationReason, serialNumberDecimal } from '@vcc-pki/api';
import { encodePemPieces, toHex } from '@vcc-pki/asn1';
import {
  decodeExtension,
  extensionId,
  parseCertificateList,
  parseInvalidityDate,
  parseReasonCode,
} from '@vcc-pki/x509';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Issuer } from '../../authority/issuer.ts';
import type { ServedCrl } from '../../revocation/served-crls.ts';
import { wireTime } from './certificate-resource.ts';

/** Entries in the JSON view: what is read in a moment, however many there are. */
const shownEntries = 1000;

/** Answers with a CRL in the form that the Accept header asks for. */
export function answerWithCrl(
  crl: ServedCrl,
  { request, reply, issuer }: { request: FastifyRequest; reply: FastifyReply; issuer: Issuer },
): CrlResource | FastifyReply {
  const type = request.accepts().type(['application/pkix-crl', 'application/x-pem-file', 'application/json']);
  switch (type) {
    case 'application/json':
      return toCrlResource(crl, issuer);
    case 'application/x-pem-file':
      return reply.type(type).send(Readable.from(encodePemPieces('X509 CRL', crl.der)));
    case 'application/pkix-crl':
      return reply.type(type).send(Buffer.from(crl.der.buffer, crl.der.byteOffset, crl.der.length));
    default:
      throw new PkiError(
        'notAcceptable',
        'a CRL comes as application/pkix-crl, application/x-pem-file or application/json',
      );
  }
}

/** The list for people and scripts; what counts is the signed one. */
function toCrlResource(crl: ServedCrl, issuer: Issuer): CrlResource {
  const entries: CrlResource['entries'] = [];
  for (const entry of parseCertificateList(crl.der).entries()) {
    if (entries.length === shownEntries) break;
    const serial = toHex(entry.serialNumber);
    const invalidityDate = decodeExtension(entry.extensions, extensionId.invalidityDate, parseInvalidityDate);
    entries.push({
      serial_number: serial,
      serial_number_decimal: serialNumberDecimal(serial),
      revoked_at: wireTime(entry.revocationDate),
      reason: (decodeExtension(entry.extensions, extensionId.reasonCode, parseReasonCode) ??
        'unspecified') as RevocationReason,
      ...(invalidityDate !== undefined && { invalidity_date: wireTime(invalidityDate) }),
    });
  }
  return {
    issuer: issuer.commonName,
    issuer_id: issuer.issuerId,
    crl_number: String(crl.number),
    this_update: wireTime(crl.thisUpdate),
    next_update: wireTime(crl.nextUpdate),
    crl_url: issuer.crlUrl,
    sha256: crl.sha256,
    entry_count: crl.entries,
    entries,
  };
}

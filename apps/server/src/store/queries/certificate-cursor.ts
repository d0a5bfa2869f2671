import { PkiError } from '@vcc-pki/api/without-schemas';
import type { CertificateRecord } from '../certificate-record.ts';

/** The order of a list: by creation, newest first, or by expiry, soonest first. */
export type CertificateOrder = 'newest' | 'soonest';

/** The last certificate of a page; the next page begins behind it. */
export interface CertificateCursor {
  /** The creation or the notAfter of it, after the order of the list. */
  readonly time: number;
  readonly certificateId: string;
}

/** Makes the cursor behind a certificate; callers hand it back unread. */
export function encodeCertificateCursor(order: CertificateOrder, last: CertificateRecord): string {
  const time = order === 'newest' ? last.createdAt : last.notAfter;
  return Buffer.from(`${order}:${time}:${last.certificateId}`).toString('base64url');
}

/** @throws PkiError `malformed` for what is no cursor of a list in that order. */
export function parseCertificateCursor(order: CertificateOrder, cursor: string): CertificateCursor {
  const [, foundOrder, time, certificateId] =
    /^(\w+):(\d{1,15}):([\w-]+)$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (foundOrder !== order || certificateId === undefined) {
    throw new PkiError('malformed', 'The cursor belongs to another list.', { field: 'cursor' });
  }
  return { time: Number(time), certificateId };
}

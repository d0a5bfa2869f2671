import { createHash, randomUUID } from 'node:crypto';
import { toHex } from '@vcc-pki/asn1';
import { type Certificate, formatName, parseCertificate } from '@vcc-pki/x509';
import type { PkiConfig } from './config/index.ts';
import type { IssuanceDeps } from './issuance/deps.ts';
import type { Log } from './log.ts';
import type { OcspResponder } from './ocsp/ocsp-responder.ts';
import type { OwnCertificate } from './own-certificate.ts';
import type { CrlPublisher } from './revocation/crl-publisher.ts';
import { AuthorityWatch, type WatchedCertificate } from './rotation/authority-watch.ts';
import { createRotationMetrics } from './rotation/rotation-metrics.ts';
import { type ExpiringEvent, RotationScheduler } from './rotation/rotation-scheduler.ts';

const dayMs = 86_400_000;

/** A month of `renew_before_months`. */
const monthMs = 30 * dayMs;

/** What has certificates and CRLs of the PKI itself. */
interface Authorities {
  readonly issuance: IssuanceDeps;
  readonly publisher: CrlPublisher;
  readonly own: OwnCertificate;
  readonly ocsp: OcspResponder | undefined;
}

/** What looks after renewals. */
export interface Rotation {
  /** Does all that is due now. */
  round(): Promise<void>;
  close(): Promise<void>;
}

/** Puts together what looks after the renewals of services and after the PKI's own certificates and CRLs. */
export function openRotation(config: PkiConfig, authorities: Authorities, log: Log): Rotation {
  const { store, clock, rules, metrics } = authorities.issuance;
  const { told } = createRotationMetrics(metrics.registry, { store, clock });
  const scheduler = new RotationScheduler({
    ...{ store, clock, rules: rules.renewal },
    owner: `${rules.instance} ${randomUUID()}`,
    onTold: (event) => {
      told.inc({ stage: event.data.stage });
      logNotice(log, event);
    },
  });
  const watch = new AuthorityWatch({
    ...{ store, clock },
    certificates: () => watchedCertificates(config, authorities),
    crls: () => authorities.publisher.served.all(),
    onTold: ({ type, data }) =>
      type === 'crl.stale'
        ? log.error(data, 'a CRL is past its nextUpdate and no newer one was published')
        : log.warn(data, 'a certificate of the PKI itself comes to its end'),
  });
  return {
    round: async () => {
      await scheduler.round();
      await watch.look();
    },
    // What it does not give back runs out by itself.
    close: () =>
      scheduler.close().catch((error: unknown) => log.warn({ err: error }, 'the rotation lease stays taken')),
  };
}

const notices = {
  reminder: 'a certificate comes to its end and has not been renewed',
  overdue: 'the renewal of a certificate is overdue',
  alert: 'the renewal of a certificate is overdue, and every reminder was in vain',
} as const;

function logNotice(log: Log, { data }: ExpiringEvent): void {
  if (data.stage === 'alert') log.error(data, notices.alert);
  else log.warn(data, notices[data.stage]);
}

function watchedCertificates(config: PkiConfig, { issuance, own, ocsp }: Authorities): WatchedCertificate[] {
  const { issuer } = issuance;
  const { issuerId } = issuer;
  const days = config.rotation.notificationDays.map((count) => count * dayMs);
  const { autoRenew, renewBeforeMonths } = config.intermediateCa;
  const asCa = autoRenew ? [renewBeforeMonths * monthMs, ...days] : days;
  const watched = [
    describe(issuer.rootCertificate, { role: 'root', issuerId, warningsMs: asCa }),
    describe(issuer.certificate, { role: 'intermediate', issuerId, warningsMs: asCa }),
  ];
  // The server renews these by itself: long before that they would have been new ones, had it been able to.
  watched.push(describeOwn(own.certificate, { role: 'server', issuerId }, 1 / 6));
  for (const { key, issuerId: of } of ocsp?.issuers ?? []) {
    const { credential } = key;
    if (credential === undefined) continue;
    watched.push(describeOwn(parseCertificate(credential.certificate), { role: 'ocsp', issuerId: of }, 1 / 4));
  }
  return watched;
}

type Rest = Pick<WatchedCertificate, 'role' | 'issuerId' | 'warningsMs'>;

/** @param share the part of its life at the end in which it should have been replaced. */
function describeOwn(certificate: Certificate, rest: Omit<Rest, 'warningsMs'>, share: number): WatchedCertificate {
  const { notBefore, notAfter } = certificate.validity;
  const first = Math.floor((notAfter - notBefore) * share);
  return describe(certificate, { ...rest, warningsMs: [first, Math.floor(first / 2)] });
}

function describe(certificate: Certificate, rest: Rest): WatchedCertificate {
  return {
    ...rest,
    subject: formatName(certificate.subject),
    serialNumber: toHex(certificate.serialNumber),
    fingerprint: createHash('sha256').update(certificate.der).digest('hex'),
    notAfter: certificate.validity.notAfter,
  };
}

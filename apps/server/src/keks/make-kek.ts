import { randomBytes } from 'node:crypto';
import { type KekKem, PkiError } from '@vcc-pki/api';
import { deriveKek, encodeKekFacts, kekFactsExtensionId, kekSeedLength, kekUri } from '@vcc-pki/kek';
import { parseSubjectPublicKeyInfo } from '@vcc-pki/x509';
import { issueVerified } from '../issuance/issue.ts';
import { kekRequest } from '../issuance/kek-request.ts';
import type { Requester } from '../requester.ts';
import { type KekRecord, kekByNumber, newestKekRoot, type ReservedKekVersion } from '../store/index.ts';
import { auditOf } from './audit-of.ts';
import { type KekDeps, kekServiceId } from './deps.ts';

/** What is to be made. */
export interface KekPlan {
  /** Name of the line. */
  readonly line: string;
  /** Given to make the line. */
  readonly create?: { readonly kem: KekKem } | undefined;
  /** For how long new data may be encrypted under it; the configured time when absent. */
  readonly validityMs?: number | undefined;
}

/**
 * Makes the next version of a line: seed, key pair, certificate, in that order, and makes it known when all of it is
 * durable. What a crash leaves is a version number that was skipped, and at most a certificate without a key.
 * @throws {@link PkiError} `conflict`, `notFound`, `badValidity`, `notReady`
 */
export async function makeKek(deps: KekDeps, requester: Requester, plan: KekPlan): Promise<KekRecord> {
  const { issuance, vault } = deps;
  const { store, clock } = issuance;
  const newest = await newestKekRoot.first(store.read, {});
  if (newest !== undefined) vault.checkRoot(newest.rootId);
  const reserved = await store.ledger.submit('reserveKekVersion', {
    line: plan.line,
    create: plan.create,
    now: clock.now(),
  });
  const seed = new Uint8Array(randomBytes(kekSeedLength));
  try {
    const certificate = await certify(deps, requester, { reserved, seed, validityMs: plan.validityMs });
    const now = clock.now();
    const cause = plan.create === undefined ? 'rotate' : 'create';
    const { number } = await store.ledger.submit('recordKek', {
      ...reserved,
      certificateId: certificate.certificateId,
      rootId: vault.rootId,
      sealedSeed: vault.seal(seed, reserved),
      notBeforeWrite: certificate.notBefore,
      notAfterWrite: certificate.notAfter,
      cause,
      now,
      audit: {
        ...auditOf(requester, `kek-${cause}`, now),
        certificateId: certificate.certificateId,
        details: { line: reserved.line, version: reserved.version, kem: reserved.kem },
      },
    });
    return await read(deps, number);
  } finally {
    seed.fill(0);
  }
}

/** The six stops, for a key of our own. */
async function certify(
  deps: KekDeps,
  requester: Requester,
  { reserved, seed, validityMs }: { reserved: ReservedKekVersion; seed: Uint8Array; validityMs: number | undefined },
) {
  const { issuance, rules, entry } = deps;
  const { issuer } = issuance;
  const now = issuance.clock.now();
  const { kexPublicKey, root } = await deriveKek(seed, reserved);
  root.fill(0);
  const { backdateMs } = issuance.rules.validity;
  const lengthMs = validityMs ?? Math.min(rules.validityMs, issuer.certificate.validity.notAfter - now);
  const validity = { lengthMs, field: 'validity_days' };
  const request = kekRequest(
    {
      serviceId: kekServiceId,
      uri: kekUri(reserved),
      subjectPublicKeyInfo: parseSubjectPublicKeyInfo(kexPublicKey),
      kem: reserved.kem,
      facts: ({ notBefore, notAfter }) => ({
        id: kekFactsExtensionId,
        critical: false,
        value: encodeKekFacts({ ...reserved, notBeforeWrite: notBefore, notAfterWrite: notAfter }),
      }),
      validity,
    },
    { issuer, now, rules: { defaultMs: lengthMs, maxMs: entry.maxValidityMs, backdateMs } },
  );
  const { certificate } = await issueVerified(issuance, { entry, origin: requester, isOwn: true }, request);
  return certificate;
}

async function read({ issuance }: KekDeps, number: number): Promise<KekRecord> {
  const kek = await kekByNumber(issuance.store.read, number);
  if (kek !== undefined) return kek;
  throw new PkiError('serverInternal', `the ledger does not have the key ${number} that it has recorded`);
}

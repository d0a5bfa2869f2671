import type { CertListFrame } from '@vcc-pki/x509';
import type { Issuer } from '../authority/issuer.ts';
import { type LintedEntries, proofreadEntries } from '../authority/linted-entries.ts';
import {
  type CrlEntry,
  entriesSince,
  newestRevision,
  type Store,
  shardEntries,
  shardEntriesSince,
} from '../store/index.ts';
import type { ServedCrl } from './served-crls.ts';

/** What goes into a CRL. */
export interface CrlContents {
  readonly parts: readonly LintedEntries[];
  /** Every change of the list up to this revision is in it. */
  readonly revision: number;
}

export interface ContentsSource {
  readonly store: Store;
  readonly issuer: Pick<Issuer, 'issuerId'>;
}

/** Entries that are read and linted in one go: a few milliseconds. */
const pageSize = 500;

/**
 * The contents of a shard: what its last CRL listed, and behind it what was revoked since. So a revocation costs the same
 * whatever else is revoked.
 *
 * @returns `undefined` when an entry was amended: then the list must be read from the ledger again.
 */
export async function appendToShard(
  { store, issuer: { issuerId } }: ContentsSource,
  shard: number,
  previous: ServedCrl & { readonly list: LintedEntries },
  frame: CertListFrame,
): Promise<CrlContents | undefined> {
  return append(previous, frame, (revision) =>
    shardEntriesSince(store.read, { issuerId, shard, revision, limit: pageSize }),
  );
}

/**
 * The contents of a shard as the ledger has them.
 *
 * @param listedFrom leaves out what need not be listed any more at this time (RFC 5280 s3.3).
 */
export async function readShard(
  { store, issuer: { issuerId } }: ContentsSource,
  shard: number,
  listedFrom: number,
  frame: CertListFrame,
): Promise<CrlContents> {
  const revision = await newestRevision(store.read, issuerId);
  const parts: LintedEntries[] = [];
  for await (const page of shardEntries(store.read, { issuerId, shard, listedFrom, revision, pageSize })) {
    parts.push(proofread(page, frame));
  }
  return { parts, revision };
}

/** The contents of a delta: those of the last one on the same base, and what was revoked since; `undefined` as above. */
export async function appendToDelta(
  { store, issuer: { issuerId } }: ContentsSource,
  previous: ServedCrl & { readonly list: LintedEntries },
  frame: CertListFrame,
): Promise<CrlContents | undefined> {
  return append(previous, frame, (revision) => entriesSince(store.read, { issuerId, revision, limit: pageSize }));
}

/** The contents of a delta as the ledger has them: what was revoked after the base. It never forgets (RFC 5280 s5.2.4). */
export async function readDelta(
  { store, issuer: { issuerId } }: ContentsSource,
  baseRevision: number,
  frame: CertListFrame,
): Promise<CrlContents> {
  const newest = await newestRevision(store.read, issuerId);
  const parts: LintedEntries[] = [];
  let revision = baseRevision;
  for (;;) {
    const page = await entriesSince(store.read, { issuerId, revision, limit: pageSize });
    const end = page.at(-1);
    // Amended while we were reading, it stands at two places: once more from the start.
    if (page.some((entry) => entry.amended === 1 && entry.revision > newest)) {
      return readDelta({ store, issuer: { issuerId } }, baseRevision, frame);
    }
    if (end !== undefined) parts.push(proofread(page, frame));
    revision = end?.revision ?? revision;
    if (page.length < pageSize) return { parts, revision: Math.max(newest, revision) };
  }
}

async function append(
  previous: ServedCrl & { readonly list: LintedEntries },
  frame: CertListFrame,
  read: (revision: number) => Promise<CrlEntry[]>,
): Promise<CrlContents | undefined> {
  const parts = [previous.list];
  let { revision } = previous;
  for (;;) {
    const page = await read(revision);
    const end = page.at(-1);
    if (page.some(({ amended }) => amended === 1)) return undefined;
    if (end !== undefined) parts.push(proofread(page, frame));
    revision = end?.revision ?? revision;
    if (page.length < pageSize) return { parts, revision };
  }
}

function proofread(page: readonly CrlEntry[], frame: CertListFrame): LintedEntries {
  return proofreadEntries(
    page.map(({ entryDer }) => entryDer),
    frame,
  );
}

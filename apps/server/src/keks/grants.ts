import { type KekGrant, PkiError } from '@vcc-pki/api';
import { notGranted } from '../policy/index.ts';
import type { Requester } from '../requester.ts';
import {
  type KekLineRecord,
  type KekRecord,
  kekByNumber,
  kekGrant,
  kekGrantsOfService,
  kekLineByName,
  kekNumber,
  primaryKek,
  type Store,
} from '../store/index.ts';

/** What a service may have of a line: what the whitelist says, and what was granted beside it. */
export async function grantsOf(
  store: Store,
  { entry, serviceId }: Pick<Requester, 'entry' | 'serviceId'>,
  line: { readonly lineId: number; readonly line: string },
): Promise<readonly KekGrant[]> {
  const granted = await kekGrant.first(store.read, { serviceId, lineId: line.lineId });
  return inOrder([...(entry.kekGrants.get(line.line) ?? []), ...parseGrants(granted?.grants)]);
}

/** The lines of which a service may have something. */
export async function linesOf(store: Store, requester: Requester): Promise<KekLineRecord[]> {
  const named = await Promise.all(
    [...requester.entry.kekGrants.keys()].map((name) => kekLineByName.first(store.read, { name })),
  );
  const granted = await kekGrantsOfService.all(store.read, requester);
  const others = granted.filter(({ lineId }) => !named.some((line) => line?.lineId === lineId));
  return [...named.filter((line) => line !== undefined), ...others];
}

/**
 * The version that `{id}` names: `kek_123` that one, the name of a line its primary one; with what the caller may do.
 * @throws {@link PkiError} `notFound`, or `forbidden` for who has no grant and is no administrator.
 */
export async function findKek(
  store: Store,
  requester: Requester,
  id: string,
): Promise<{ readonly kek: KekRecord; readonly grants: readonly KekGrant[] }> {
  const kek = await lookUp(store, id);
  if (kek === undefined) {
    // Whether it exists at all is told only to those who may know of some.
    throw new PkiError('notFound', `there is no key-encryption key ${id}`);
  }
  const grants = await grantsOf(store, requester, kek);
  if (grants.length > 0 || requester.isAdmin) return { kek, grants };
  throw notGranted(`"${requester.serviceId}" has no grant on the line of ${id}`);
}

/** The line that `{id}` names, by its name or by one of its versions. @throws {@link PkiError} `notFound` */
export async function findLine(store: Store, id: string): Promise<KekLineRecord> {
  const number = kekNumber(id);
  const name = number === undefined ? id : (await kekByNumber(store.read, number))?.line;
  const line = name === undefined ? undefined : await kekLineByName.first(store.read, { name });
  if (line !== undefined) return line;
  throw new PkiError('notFound', `there is no line of key-encryption keys ${id}`);
}

async function lookUp(store: Store, id: string): Promise<KekRecord | undefined> {
  const number = kekNumber(id);
  if (number !== undefined) return kekByNumber(store.read, number);
  const line = await kekLineByName.first(store.read, { name: id });
  return line === undefined ? undefined : primaryKek(store.read, line.lineId);
}

/** Grants as the ledger keeps them. */
export function parseGrants(text: string | undefined): KekGrant[] {
  return all.filter((grant) => text?.split(',').includes(grant) === true);
}

const all = ['read', 'write', 'seal'] as const;

function inOrder(grants: readonly string[]): KekGrant[] {
  return all.filter((grant) => grants.includes(grant));
}

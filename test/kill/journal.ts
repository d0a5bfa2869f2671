import { closeSync, openSync, writeSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * What a witness saw: a signature leave the CA key, a request go out under a ticket (its Idempotency-Key), its
 * answer come back, or a refusal that should not have been.
 */
export type Entry =
  | { readonly kind: 'signed'; readonly der: string }
  | { readonly kind: 'asked'; readonly ticket: string }
  | ({ readonly kind: 'answered' } & Answered)
  | { readonly kind: 'failed'; readonly ticket: string; readonly why: string };

export interface Answered {
  readonly ticket: string;
  readonly certificateId: string;
  /** SHA-256 of the certificate, lower-case hex. */
  readonly fingerprint: string;
  readonly replayed: boolean;
}

/** Appends to a file of its own that a `kill -9` cannot take anything from: each entry is on disk before it returns. */
export class Journal {
  readonly #file: number;

  /** @param name unlike that of every other journal in the directory. */
  constructor(directory: string, name: string) {
    // O_APPEND | O_SYNC
    this.#file = openSync(join(directory, `${name}.jsonl`), 'as');
  }

  write(entry: Entry): void {
    writeSync(this.#file, `${JSON.stringify(entry)}\n`);
  }

  close(): void {
    closeSync(this.#file);
  }
}

/** Reads every journal of a directory. A line that the end of its writer cut off says nothing. */
export async function readJournals(directory: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (const name of await readdir(directory)) {
    const lines = (await readFile(join(directory, name), 'utf8')).split('\n').slice(0, -1);
    for (const line of lines) entries.push(JSON.parse(line) as Entry);
  }
  return entries;
}

/** The tickets that were asked for and never answered, in the order of their first asking. */
export function pendingTickets(entries: readonly Entry[]): string[] {
  const answered = new Set(entries.flatMap((entry) => (entry.kind === 'answered' ? [entry.ticket] : [])));
  const asked = new Set(entries.flatMap((entry) => (entry.kind === 'asked' ? [entry.ticket] : [])));
  return [...asked].filter((ticket) => !answered.has(ticket));
}

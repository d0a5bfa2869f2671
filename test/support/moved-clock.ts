import { existsSync, readdirSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Lifetime } from './lifetime.ts';
import { temporaryDirectory } from './temporary-directory.ts';

/** The library of the Debian package `faketime`, which puts itself between a program and the clock of the system. */
const library = ['/usr/lib', '/usr/local/lib']
  .flatMap((folder) => [folder, ...(existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [])])
  .map((folder) => join(folder, 'faketime/libfaketime.so.1'))
  .find(existsSync);

/** For `test(name, { skip })`: false, or the line that says what is missing. */
export const skipWithoutFaketime = library === undefined && 'not installed here: faketime; CI has it';

/** The wall clock of other processes, to be moved while they run. Their monotonic clock goes on as it is. */
export interface MovedClock {
  /** For the environment of each process that is to have this clock. */
  readonly env: Readonly<Record<string, string>>;
  /** Puts the clock so far ahead of ours, or behind it when negative; seen at once. */
  set(offsetMs: number): Promise<void>;
  /** What it shows: milliseconds since the epoch. */
  now(): number;
}

/** A clock that shows our time until it is moved. */
export async function movedClock(t: Lifetime): Promise<MovedClock> {
  if (library === undefined) throw new Error('faketime is not installed');
  const directory = await temporaryDirectory(t);
  const file = join(directory, 'offset');
  let offset = 0;
  const set = async (offsetMs: number): Promise<void> => {
    // As a whole: a file that is half written would be another time.
    await writeFile(`${file}.new`, `${offsetMs < 0 ? '-' : '+'}${(Math.abs(offsetMs) / 1000).toFixed(3)}\n`);
    await rename(`${file}.new`, file);
    offset = offsetMs;
  };
  await set(0);
  return {
    env: {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      NO_FAKE_STAT: '1',
    },
    set,
    now: () => Date.now() + offset,
  };
}

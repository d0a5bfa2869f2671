import type { Writable } from 'node:stream';

/** Levels and their numbers in the log, those of the server's log (pino's). */
const levels = { debug: 20, info: 30, warn: 40, error: 50 } as const;

type Level = keyof typeof levels;
type Fields = Readonly<Record<string, string | number | boolean | null | undefined>>;

/**
 * The structured log: one JSON object a line, in the form of the server's. Fields are single values that are named here
 * one by one, never objects that somebody hands through, so that no key and no token can get in.
 */
export type Log = Readonly<Record<Level, (message: string, fields?: Fields) => void>>;

/** @param level the least severe level that is written; unknown ones write everything */
export function createLog(level: string, target: Writable, now: () => number): Log {
  const least = levels[level as Level] ?? 0;
  const writer =
    (name: Level) =>
    (message: string, fields: Fields = {}): void => {
      if (levels[name] < least) return;
      const line = { level: levels[name], time: new Date(now()).toISOString(), ...fields, msg: message };
      target.write(`${JSON.stringify(line)}\n`);
    };
  return { debug: writer('debug'), info: writer('info'), warn: writer('warn'), error: writer('error') };
}

import type { FastifyBaseLogger } from 'fastify';
import { pino } from 'pino';

/** Where the rooms write what happens. */
export type Log = FastifyBaseLogger;

/** Something that takes lines of JSON. */
export interface LogTarget {
  write(line: string): void;
}

/**
 * The structured log: one JSON object a line. Requests are logged by what is known about them (id, route, requester),
 * never by their headers or bodies, so that no secret can get in.
 */
export function createLog(level: string, target: LogTarget | undefined): Log {
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  return target === undefined ? pino(options) : pino(options, target);
}

import type { JsonObject } from '../audit/index.ts';

/** What readers of the change feed get. */
export interface FeedEvent {
  readonly event: string;
  /** An object goes out as JSON, a text as it is. */
  readonly data: JsonObject | string;
  /** Place in the log of changes, from which a reader goes on when it comes back; absent for what is in no log. */
  readonly id?: number | undefined;
}

/** Encodes an event as the event stream of the HTML standard (s9.2.6); texts go out a line at a time. */
export function encodeEvent({ event, data, id }: FeedEvent, retryMs?: number): Buffer {
  const text = typeof data === 'string' ? data : JSON.stringify(data);
  const lines = [
    ...(id === undefined ? [] : [`id: ${id}`]),
    ...(retryMs === undefined ? [] : [`retry: ${retryMs}`]),
    `event: ${event}`,
    ...text.split('\n').map((line) => `data: ${line}`),
  ];
  return Buffer.from(`${lines.join('\n')}\n\n`);
}

/** A comment, which keeps the connection open through proxies and tells the reader that it is. */
export const heartbeat: Buffer = Buffer.from(': heartbeat\n\n');

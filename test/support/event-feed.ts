import { request } from 'node:https';
import type { Identity } from './call-api.ts';
import type { Lifetime } from './lifetime.ts';
import type { RunningPki } from './running-pki.ts';

/** An event as it came. */
export interface ReceivedEvent {
  readonly event: string;
  readonly data: string;
  readonly id?: string;
  readonly retry?: string;
}

/** A change feed that is open, as a client sees it. */
export interface OpenedFeed {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Everything so far, comments left out. */
  readonly events: readonly ReceivedEvent[];
  /** How many comments came. */
  readonly heartbeats: () => number;
  /** Waits for the next event of that name behind those that were waited for before. */
  next(event: string): Promise<ReceivedEvent>;
  /** Settles when the feed has ended, however that came. */
  readonly ended: Promise<void>;
  close(): void;
}

/** Opens a change feed on a connection of its own. */
export async function openFeed(
  t: Lifetime,
  pki: RunningPki,
  options: { as?: Identity; query?: string; headers?: Record<string, string> } = {},
): Promise<OpenedFeed> {
  const { as = pki.admin, query = '', headers = {} } = options;
  const call = request(`${pki.apiUrl}/api/v1/events${query}`, { ...as, ca: pki.rootPem, headers, agent: false });
  t.after(() => call.destroy());
  const response = await new Promise<import('node:http').IncomingMessage>((resolve, reject) => {
    call.on('response', resolve).on('error', reject).end();
  });
  const events: ReceivedEvent[] = [];
  let comments = 0;
  let waited = 0;
  let wake = Promise.withResolvers<void>();
  let text = '';
  response.setEncoding('utf8').on('data', (chunk: string) => {
    const parts = `${text}${chunk}`.split('\n\n');
    text = parts.pop() ?? '';
    for (const part of parts) {
      if (part.startsWith(':')) comments += 1;
      else events.push(parseEvent(part));
    }
    wake.resolve();
    wake = Promise.withResolvers();
  });
  const ended = new Promise<void>((resolve) => {
    response.on('close', resolve);
  });
  call.on('error', () => undefined);
  let isEnded = false;
  void ended.then(() => {
    isEnded = true;
    wake.resolve();
  });
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    events,
    heartbeats: () => comments,
    ended,
    close: () => call.destroy(),
    next: async (event) => {
      for (;;) {
        while (waited < events.length) {
          const found = events[waited];
          waited += 1;
          if (found?.event === event) return found;
        }
        if (isEnded) throw new Error(`the feed ended before "${event}" came`);
        await wake.promise;
      }
    },
  };
}

function parseEvent(block: string): ReceivedEvent {
  const fields: Record<string, string> = {};
  for (const line of block.split('\n')) {
    const [, name = '', value = ''] = /^(\w+): (.*)$/.exec(line) ?? [];
    fields[name] = name === 'data' && fields['data'] !== undefined ? `${fields['data']}\n${value}` : value;
  }
  return fields as unknown as ReceivedEvent;
}

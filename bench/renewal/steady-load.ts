import { Agent, request as httpsRequest } from 'node:https';

export interface LoadPlan {
  readonly ports: readonly number[];
  /** Root certificate, PEM: each answer comes over a connection that was verified. */
  readonly ca: string;
  /** A name that the certificates have. */
  readonly serverName: string;
  readonly perSecond: number;
}

export interface LoadFigures {
  readonly requests: number;
  readonly perSecond: number;
  readonly newConnections: number;
  /** Requests without a good answer. */
  readonly failed: number;
  /** Sent once more, since the server had closed an idle connection in the same moment (RFC 9112 s9.3.1). */
  readonly resent: number;
  /**
   * Connected once more, since the server had closed a new connection before its handshake: a worker of nginx that is told to
   * end does so with connections of which it has heard nothing yet. No request had been sent.
   */
  readonly reconnected: number;
  readonly latenciesMs: readonly number[];
  readonly failures: readonly string[];
}

const tickMs = 20;

/** One request in so many comes on a connection of its own. */
const newConnectionEvery = 5;

/** Sends requests at a steady rate, whether earlier ones are answered or not, until it is stopped. */
export function startSteadyLoad({ ports, ca, serverName, perSecond }: LoadPlan): { stop(): Promise<LoadFigures> } {
  const agents = ports.map(() => new Agent({ keepAlive: true, maxSockets: 50, ca }));
  const figures = { requests: 0, newConnections: 0, failed: 0, resent: 0, reconnected: 0 };
  const latenciesMs: number[] = [];
  const failures: string[] = [];
  const underWay = new Set<Promise<void>>();
  const start = performance.now();

  const one = async (number: number): Promise<void> => {
    const target = number % ports.length;
    const isNew = Math.floor(number / ports.length) % newConnectionEvery === 0;
    if (isNew) figures.newConnections += 1;
    const begun = performance.now();
    const call = (agent: Agent | false): Promise<void> => get({ port: ports[target] ?? 0, ca, serverName, agent });
    try {
      await call((isNew ? undefined : agents[target]) ?? false).catch((error: unknown) => {
        if (!(error instanceof NothingSent)) throw error;
        figures[error.what] += 1;
        return call(false);
      });
      latenciesMs.push(performance.now() - begun);
    } catch (error) {
      figures.failed += 1;
      failures.push(`${target}: ${String(error)}`);
    }
  };

  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - start) / 1000) * perSecond);
    while (figures.requests < due) {
      const sent = one(figures.requests);
      figures.requests += 1;
      underWay.add(sent);
      void sent.finally(() => underWay.delete(sent));
    }
  }, tickMs);

  return {
    stop: async () => {
      clearInterval(timer);
      const seconds = (performance.now() - start) / 1000;
      await Promise.all(underWay);
      for (const agent of agents) agent.destroy();
      return { ...figures, perSecond: figures.requests / seconds, latenciesMs, failures };
    },
  };
}

/** Thrown for a connection that the server closed in a moment in which a request may be sent again. */
class NothingSent extends Error {
  readonly what: 'resent' | 'reconnected';

  constructor(what: NothingSent['what']) {
    super(what);
    this.what = what;
  }
}

function get(to: { port: number; ca: string; serverName: string; agent: Agent | false }): Promise<void> {
  const { port, ca, serverName, agent } = to;
  return new Promise((resolve, reject) => {
    const request = httpsRequest({ host: '127.0.0.1', port, ca, agent, servername: serverName, timeout: 10_000 });
    let isConnected = false;
    request.once('socket', (socket) => {
      if (request.reusedSocket) return;
      socket.once('secureConnect', () => {
        isConnected = true;
      });
    });
    request.once('timeout', () => request.destroy(new Error('no answer within ten seconds')));
    request.once('error', (error: NodeJS.ErrnoException) => {
      const wasClosed = error.code === 'ECONNRESET' || error.code === 'EPIPE';
      if (!wasClosed || (isConnected && !request.reusedSocket)) reject(error);
      else reject(new NothingSent(request.reusedSocket ? 'resent' : 'reconnected'));
    });
    request.once('response', (response) => {
      response.once('error', reject);
      response.once('end', () => {
        if (response.statusCode === 200) resolve();
        else reject(new Error(`status ${response.statusCode}`));
      });
      response.resume();
    });
    request.end();
  });
}

import { createHash } from 'node:crypto';

/** What is asked under a ticket: always the same, however often it is asked. The ledger keeps the ticket with it. */
export interface TicketBody {
  readonly service_name: string;
  readonly csr: string;
  readonly metadata: { readonly ticket: string };
}

/** @param csrs PEM; which one is used depends on the ticket alone, as does the service. */
export function bodyOf(ticket: string, csrs: readonly string[]): TicketBody {
  const number = createHash('sha256').update(ticket).digest().readUInt16BE();
  return {
    service_name: services[number % services.length] as string,
    csr: csrs[number % csrs.length] as string,
    metadata: { ticket },
  };
}

export const requestPath = '/api/v1/certificates/request';

const services = ['test-one', 'test-two', 'test-three'];

/**
 * Configuration with room for all tickets, so that nothing refuses one but a crash, and with a name for the public
 * listener, whose port is another at every start.
 */
export function withRoom(name: string, text: string): string {
  if (name === 'pki_config.yaml') {
    return text
      .replace(/(global_rate_limit_certs_per_hour:) \d+/, '$1 100000000')
      .replace(/# (public_url:) .*/, '$1 http://localhost:8080');
  }
  if (name !== 'service_whitelist.yaml') return text;
  return `services:
  - { service_id: admin-cli, max_certificates: 1, allowed_operations: [request, admin] }
patterns:
  - { pattern: test-*, max_certificates: 100000, rate_limit_certs_per_hour: 1000000, allowed_operations: [request] }
`;
}

/**
 * Asks for tickets, `lanes` at a time: first the given ones, which were asked for before, then new ones without end.
 * Ends when `ask` rejects in every lane.
 */
export async function askForTickets(options: {
  readonly first: readonly string[];
  readonly newPrefix: string;
  readonly lanes: number;
  readonly ask: (ticket: string) => Promise<void>;
}): Promise<void> {
  const old = [...options.first];
  let made = 0;
  const next = (): string => old.shift() ?? `${options.newPrefix}-${++made}`;
  const lane = async (): Promise<void> => {
    for (;;) await options.ask(next());
  };
  await Promise.allSettled(Array.from({ length: options.lanes }, lane));
}

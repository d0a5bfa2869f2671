import { ApiConnection } from '@vcc-pki/client';
import type { TrustedConnection } from './connection.ts';

/** Calls the server for one command: what fails is told at once, for a person is waiting. Close it, or the process stays. */
export class ApiClient extends ApiConnection {
  /** @param options.trace gets a line for each request and each answer */
  constructor({ origin, trustedPem, client }: TrustedConnection, options: { readonly trace?: (line: string) => void }) {
    super({ origin, trustedPem, client, connections: 1, retry: { attempts: 1 }, ...options });
  }
}

import { lookup as dnsLookup, type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import type { OutboundPolicy } from './outbound-address.ts';

/** How names become addresses; that of the machine when absent. */
type Resolve = (
  hostname: string,
  answer: (error: NodeJS.ErrnoException | null, addresses: readonly LookupAddress[]) => void,
) => void;

const systemResolve: Resolve = (hostname, answer) => dnsLookup(hostname, { all: true, verbatim: true }, answer);

/**
 * The `lookup` for `net.connect`, `tls.connect` and undici's `connect`: gives only addresses that may be called, so that
 * what was judged is what is connected to (DNS rebinding). Hosts that are addresses themselves are never looked up:
 * `checkUrl` judges them.
 */
export function outboundLookup(policy: OutboundPolicy, resolve: Resolve = systemResolve): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, (error, addresses) => {
      if (error !== null) return callback(error, '', 0);
      const allowed = addresses.filter(({ address }) => policy.refusalOf(address) === undefined);
      const [first] = allowed;
      if (first === undefined) return callback(refusal(hostname, addresses, policy), '', 0);
      if (options.all === true) return callback(null, allowed);
      return callback(null, first.address, first.family);
    });
  };
}

function refusal(hostname: string, addresses: readonly LookupAddress[], policy: OutboundPolicy): NodeJS.ErrnoException {
  const [first] = addresses;
  const why = first === undefined ? 'it has no address' : `${first.address}: ${policy.refusalOf(first.address)}`;
  return Object.assign(new Error(`${hostname} must not be called: ${why}`), { code: 'ERR_ADDRESS_REFUSED' });
}

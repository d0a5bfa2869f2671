import type { GeneralName } from '../../general-name.ts';
import type { Name } from '../../name.ts';
import { isHostName, isWithinDomain } from './host-name.ts';
import { parseMailbox } from './mailbox.ts';
import { isWithinName, nameKey } from './name-key.ts';
import { uriHost } from './uri-host.ts';

/** How one form of name is compared with a constraint on it (RFC 5280 s4.2.1.10). */
export interface ConstraintForm<Value> {
  /** False for a base that the form does not allow: nobody could say what it constrains. */
  isBase(base: Value): boolean;
  /** False for a name that cannot be compared; with constraints on its form it is refused. */
  isName(name: Value): boolean;
  /** Whether the name lies within the base's subtree. */
  isWithin(name: Value, base: Value): boolean;
  /** Whether the name stands for any within the base's subtree: for excluded subtrees. Default: as `isWithin`. */
  overlaps?(name: Value, base: Value): boolean;
}

const dNSName: ConstraintForm<string> = {
  // Without a label it is every name. A leading period is allowed in constraints on URIs only.
  isBase: (base) => base === '' || isHostName(base),
  isName: (name) => isHostName(withoutWildcard(name)),
  isWithin: (name, base) => base === '' || isWithinDomain(withoutWildcard(name), base),
  // A wildcard also stands for the names one label below its parent, so it overlaps a base that is one.
  overlaps: (name, base) =>
    dNSName.isWithin(name, base) ||
    (name.startsWith('*.') && base.slice(base.indexOf('.') + 1).toLowerCase() === name.slice(2).toLowerCase()),
};

const rfc822Name: ConstraintForm<string> = {
  // A mailbox, a host, or with a leading period any host below a domain.
  isBase: (base) => (base.includes('@') ? parseMailbox(base) !== undefined : isHostName(base.replace(/^\./, ''))),
  isName: (name) => parseMailbox(name) !== undefined,
  isWithin: (name, base) => {
    const mailbox = parseMailbox(name);
    const wanted = parseMailbox(base);
    if (mailbox === undefined) return false;
    // RFC 5280 s7.5: the local part is compared exactly, the host without regard to case.
    if (wanted !== undefined) return mailbox.local === wanted.local && isHost(mailbox.host, wanted.host);
    return isWithinHosts(mailbox.host, base);
  },
};

const uniformResourceIdentifier: ConstraintForm<string> = {
  isBase: (base) => isHostName(base.replace(/^\./, '')),
  isName: (name) => uriHost(name) !== undefined,
  isWithin: (name, base) => isWithinHosts(uriHost(name) ?? '', base),
};

const iPAddress: ConstraintForm<Uint8Array> = {
  isBase: (base) => base.length === 8 || base.length === 32,
  isName: (name) => name.length === 4 || name.length === 16,
  isWithin: (name, base) =>
    base.length === name.length * 2 &&
    name.every((octet, i) => ((octet ^ (base[i] ?? 0)) & (base[name.length + i] ?? 0)) === 0),
};

const directoryName: ConstraintForm<Name> = {
  isBase: () => true,
  isName: () => true,
  isWithin: (name, base) => isWithinName(nameKey(name), nameKey(base)),
};

const forms = { dNSName, rfc822Name, uniformResourceIdentifier, iPAddress, directoryName };

/** The form of a kind of name; `undefined` for kinds that no RFC says how to constrain. */
export function constraintForm(type: GeneralName['type']): ConstraintForm<unknown> | undefined {
  return type in forms ? (forms[type as keyof typeof forms] as ConstraintForm<unknown>) : undefined;
}

/** With a leading period any host below the domain, but not the domain; without one that host (URI and mail). */
function isWithinHosts(host: string, base: string): boolean {
  if (!base.startsWith('.')) return isHost(host, base);
  return host.toLowerCase().endsWith(base.toLowerCase());
}

function isHost(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function withoutWildcard(name: string): string {
  return name.startsWith('*.') ? name.slice(2) : name;
}

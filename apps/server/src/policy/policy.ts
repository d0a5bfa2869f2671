import { PkiError } from '@vcc-pki/api';
import { checkNames, type NamesToCheck } from './check-names.ts';
import { notPermitted } from './forbidden.ts';
import { compileRule, type PolicyEntry } from './policy-entry.ts';
import { compileServicePattern, expandServiceId, isServiceId } from './service-id.ts';
import {
  type KekGrantName,
  ownDnsNames,
  type PolicyDefaults,
  type Whitelist,
  type WhitelistOperation,
} from './whitelist.ts';

/** Who may do and hold what: the whitelist, compiled. Pure: the same question always has the same answer. */
export interface Policy {
  /** The entry of a service: its own, else that of the first pattern that fits; `undefined` when it is not let in. */
  entryFor(serviceId: string): PolicyEntry | undefined;
  /** @throws {@link PkiError} `forbidden` */
  checkOperation(entry: PolicyEntry, operation: WhitelistOperation): void;
  /** @throws {@link PkiError} `rejectedIdentifier` for the first name that the service may not hold. */
  checkNames(entry: PolicyEntry, requested: NamesToCheck): void;
  /** The DNS names of a service that asks for none: `<service_id>` and `<service_id>.vcc.local`, where it may hold them. */
  defaultNames(serviceId: string): readonly string[];
  /** The services with an entry of their own that may have something of a line of key-encryption keys. */
  kekGrants(line: string): readonly { readonly serviceId: string; readonly grants: readonly KekGrantName[] }[];
}

/**
 * The names of the PKI itself: its server, its OCSP responder, its KEKs. Who has a certificate with one of them speaks for
 * the PKI, to the health checks of services too; so no pattern lets anybody have one, however wide it is.
 */
const ownNames: ReadonlySet<string> = new Set(['pki-server', 'pki-ocsp', 'pki-kek']);

/**
 * Compiles a whitelist, once; asking the policy afterwards costs no more than a few look-ups.
 * @throws RangeError when an id, pattern or name has no valid form: the configuration is checked before it comes here.
 */
export function createPolicy(whitelist: Whitelist, defaults: PolicyDefaults): Policy {
  const services = new Map<string, PolicyEntry>();
  for (const rule of whitelist.services) {
    if (!isServiceId(rule.serviceId)) throw new RangeError(`"${rule.serviceId}" is not a service id`);
    services.set(rule.serviceId, compileRule(rule, defaults)(rule.serviceId));
  }
  const patterns = whitelist.patterns.map((rule) => {
    const makeEntry = compileRule(rule, defaults);
    // Made and thrown away: a name that is none is found now, not when the first service comes.
    makeEntry('x');
    return { matches: compileServicePattern(rule.pattern), makeEntry };
  });
  const entryFor = (serviceId: string): PolicyEntry | undefined => {
    if (!isServiceId(serviceId)) return undefined;
    const own = services.get(serviceId);
    if (own !== undefined || ownNames.has(serviceId)) return own;
    return patterns.find(({ matches }) => matches(serviceId))?.makeEntry(serviceId);
  };
  return {
    entryFor,
    checkOperation,
    checkNames,
    defaultNames: (serviceId) => {
      const entry = entryFor(serviceId);
      if (entry === undefined) return [];
      return ownDnsNames.map((name) => expandServiceId(name, serviceId)).filter(entry.names.allowsDns);
    },
    kekGrants: (line) =>
      [...services.values()].flatMap(({ serviceId, kekGrants }) => {
        const grants = kekGrants.get(line);
        return grants === undefined ? [] : [{ serviceId, grants }];
      }),
  };
}

function checkOperation(entry: PolicyEntry, operation: WhitelistOperation): void {
  if (entry.allowedOperations.has(operation)) return;
  const allowed = [...entry.allowedOperations].join(', ') || 'nothing';
  throw notPermitted(`"${entry.serviceId}" may not ${operation}; allowed_operations: ${allowed}`);
}

import { EventEmitter } from 'node:events';
import type { KeyError } from '../key-error.ts';

/** What a provider tells; none of it needs an answer. */
export interface ProviderEvents {
  /** Another version of a line is written with. */
  rotated: [{ readonly line: string; readonly from: string | undefined; readonly to: string }];
  /** A version is refused from now on and erased. */
  revoked: [{ readonly id: string; readonly line: string; readonly version: number; readonly by: 'crl' | 'server' }];
  /** Something is wrong that an honest server does not do: a secret that is not the certified one, a CRL rolled back. */
  security: [{ readonly detail: string; readonly error: Error }];
  /** The server knows less of a line, or of a group of it, than was seen before: it was restored from a backup. */
  wentBack: [{ readonly line: string; readonly seenEpoch: number; readonly tenant?: string; readonly group?: string }];
  /** A group is written with the key of another epoch: encrypt anew what is of older ones. */
  groupEpoch: [{ readonly line: string; readonly tenant: string; readonly group: string; readonly epoch: number }];
  /** This service is no member of a group any more; its keys are erased. */
  groupWithdrawn: [{ readonly line: string; readonly tenant: string; readonly group: string }];
  /** A version that is in memory is not known to the server any more: encrypt anew what is under it. */
  lost: [{ readonly id: string; readonly line: string; readonly version: number }];
  /** A KEK was used beyond its hard TTL, by the grace of offline mode; told once each time it begins. */
  stale: [{ readonly line: string; readonly version: number; readonly ageMs: number }];
  /** The server was reached again after failures. */
  recovered: [];
  /** The server was not reached, or something it sent was not taken; tried again by itself. */
  failure: [{ readonly what: 'pull' | 'delivery' | 'crl' | 'report' | 'sealedCache'; readonly error: unknown }];
  clockJump: [{ readonly byMs: number }];
  /** A use was refused. */
  refused: [{ readonly error: KeyError }];
}

/** An emitter of {@link ProviderEvents}. A listener that throws harms nobody's key: the error ends up where Node puts it. */
export class ProviderEmitter extends EventEmitter<ProviderEvents> {}

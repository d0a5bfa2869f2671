import { KeyError } from '../key-error.ts';
import type { GroupSecret, GroupSource, GroupState } from './group-source.ts';
import { principal } from './principal.ts';

/** Groups that the program itself states. */
export class ToldGroups implements GroupSource {
  readonly states = new Map<string, GroupState>();
  readonly #sealedKey: (group: string, epoch: number) => Uint8Array | undefined;

  constructor(
    groups: Readonly<Record<string, GroupState>>,
    sealedKey: (group: string, epoch: number) => Uint8Array | undefined = () => undefined,
  ) {
    this.#sealedKey = sealedKey;
    for (const [name, state] of Object.entries(groups)) {
      checkEpoch(state.epoch);
      this.states.set(principal(name), state);
    }
  }

  /** @throws RangeError for an epoch that is not newer */
  startEpoch(name: string, state: GroupState, epoch: number): void {
    checkEpoch(epoch);
    if (epoch <= state.epoch) throw new RangeError(`${name} is in epoch ${state.epoch}, and epochs only count up`);
    this.states.set(name, { ...state, epoch });
  }

  check(): void {
    // Whoever tells it knows when it is to be used.
  }

  secret(group: string, epoch: number): GroupSecret {
    const octets = this.#sealedKey(group, epoch);
    if (octets?.length === 32) return { octets };
    throw new KeyError('GROUP_DENIED', `the key of ${group} in epoch ${epoch} is not sealed to this service`);
  }
}

function checkEpoch(epoch: number): void {
  if (!Number.isInteger(epoch) || epoch < 0 || epoch > 0xffffffff) throw new RangeError(`${epoch} is no epoch: a u32`);
}

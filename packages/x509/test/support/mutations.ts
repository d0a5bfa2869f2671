import fc from 'fast-check';

/** One change to octets: where, as a share of their number; how many are taken out; what is put in. */
export interface Mutation {
  readonly at: number;
  readonly remove: number;
  readonly insert: Uint8Array;
}

export const mutation: fc.Arbitrary<Mutation> = fc.record({
  at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  remove: fc.nat(3),
  insert: fc.uint8Array({ maxLength: 3 }),
});

/** One to three changes. */
export const mutations: fc.Arbitrary<Mutation[]> = fc.array(mutation, { minLength: 1, maxLength: 3 });

/** The octets with the changes made, one after another. */
export function mutate(octets: Uint8Array, changes: readonly Mutation[]): Uint8Array {
  return changes.reduce((mutated, { at, remove, insert }) => {
    const start = Math.floor(at * mutated.length);
    const tail = mutated.subarray(Math.min(start + remove, mutated.length));
    const result = new Uint8Array(start + insert.length + tail.length);
    result.set(mutated.subarray(0, start));
    result.set(insert, start);
    result.set(tail, start + insert.length);
    return result;
  }, octets);
}

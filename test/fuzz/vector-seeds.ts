import { type PathPlace, pathParts, pathRequest, placesByKind } from '../../packages/x509/test/support/path-scene.ts';
import { type PkitsCase, pkitsRequest, readPkits } from '../../packages/x509/test/support/pkits.ts';
import { readJsonVectors, readVectors } from '../../packages/x509/test/support/vectors.ts';
import type { Seed } from './seed.ts';

/** Every file of the malformed corpus, in one of the places that it may take in a path. */
export function corpusSeeds(): Seed[] {
  const items: readonly { file: string; kind: string }[] = readJsonVectors('malformed/manifest.json').items;
  return items.map(({ file, kind }, n) => {
    const places = placesByKind[kind] ?? [];
    const place: PathPlace | undefined = places[n % places.length];
    return {
      name: `malformed/${file}`,
      octets: readVectors(`malformed/${file}`),
      ...(place !== undefined && { request: (der) => pathRequest({ ...pathParts, [place]: der }) }),
    };
  });
}

/** Every certificate and CRL of every case of NIST PKITS, in its place. */
export function pkitsSeeds(): Seed[] {
  const { at, tests } = readPkits();
  const files = new Map<string, Uint8Array>();
  const read = (file: string): Uint8Array => {
    const der = files.get(file) ?? readVectors(`pkits/${file}`);
    files.set(file, der);
    return der;
  };
  const seedOf = (one: PkitsCase, file: string): Seed => ({
    name: `pkits/${one.id}/${file}`,
    octets: read(file),
    request: (der) =>
      pkitsRequest(one, { at, algorithms: 'legacy', read: (name) => (name === file ? der : read(name)) }),
  });
  return tests.flatMap((one) =>
    [one.endEntity, one.trustAnchor, ...one.intermediates, ...one.crls].map((file) => seedOf(one, file)),
  );
}

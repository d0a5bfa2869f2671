import type { Issuer } from './issuer.ts';

/** Makes once for each issuer what is the same in all of its certificates and answers. */
export function perIssuer<T>(make: (issuer: Issuer) => T): (issuer: Issuer) => T {
  const made = new WeakMap<Issuer, { readonly value: T }>();
  return (issuer) => {
    const known = made.get(issuer);
    if (known !== undefined) return known.value;
    const value = make(issuer);
    made.set(issuer, { value });
    return value;
  };
}

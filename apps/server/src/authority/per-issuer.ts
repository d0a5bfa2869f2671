import type { Issuer } from './issuer.ts';

/** Makes once for each issuer what is the same in all of its certificates and answers. */
export function perIssuer<T>(make: (issuer: Issuer) => T): (issuer: Issuer) => T {
  return oncePer(make);
}

/** Makes something once for each object, and keeps it for as long as there is that object. */
export function oncePer<K extends object, T>(make: (key: K) => T): (key: K) => T {
  const made = new WeakMap<K, { readonly value: T }>();
  return (key) => {
    const known = made.get(key);
    if (known !== undefined) return known.value;
    const value = make(key);
    made.set(key, { value });
    return value;
  };
}

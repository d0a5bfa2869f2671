type CamelKey<K> = K extends `${infer Head}_${infer Tail}` ? `${Head}${Capitalize<CamelKey<Tail>>}` : K;

/** The same data with keys in camelCase: what is `max_body_bytes` in a file is `maxBodyBytes` in code. */
export type CamelCased<T> = T extends readonly (infer Item)[]
  ? readonly CamelCased<Item>[]
  : T extends object
    ? { readonly [K in keyof T as K extends string ? CamelKey<K> : K]: CamelCased<T[K]> }
    : T;

/** Renames all keys from snake_case to camelCase, in lists too. */
export function toCamelCase<T>(value: T): CamelCased<T> {
  if (Array.isArray(value)) return value.map(toCamelCase) as CamelCased<T>;
  if (typeof value !== 'object' || value === null) return value as CamelCased<T>;
  const entries = Object.entries(value).map(([key, member]) => [camelKey(key), toCamelCase(member)]);
  return Object.fromEntries(entries);
}

function camelKey(key: string): string {
  return key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

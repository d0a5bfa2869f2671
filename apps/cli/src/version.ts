import { readFileSync } from 'node:fs';

/** The version of the package, from its package.json, which lies beside `src` and `dist` alike. */
export const version: string = (
  JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }
).version;

import type { Finding } from '@vcc-pki/lint';
import type { ExtensionDescription } from './describe-extensions.ts';

/** A name and its value for people; an entry without a value is not shown. */
export type Fact = readonly [name: string, value: string | undefined];

/** Rows for people, for which there is no room in facts. */
export interface DescriptionTable {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** How many rows there are beyond `rows`. */
  readonly omitted: number;
}

/** One thing out of a file, told to people and to programs. */
export interface Description {
  /** `certificate`, `private key` … and whose it is. */
  readonly title: string;
  readonly facts: readonly Fact[];
  readonly extensions?: readonly ExtensionDescription[];
  readonly table?: DescriptionTable;
  /** What lint says; absent where there are no rules. */
  readonly findings?: readonly Finding[];
  /** Everything, `kind` first. */
  readonly json: Readonly<Record<string, unknown>>;
}

/** What describing depends on apart from the octets. */
export interface DescriptionContext {
  /** Milliseconds since the epoch, for what has expired. */
  readonly now: number;
  /** Most entries of a CRL to tell. */
  readonly limit: number;
}

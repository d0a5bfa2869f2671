import type { Compilable, CompiledQuery, DialectAdapter, Kysely } from 'kysely';
import type { Database } from './database.ts';
import { executeQuery } from './direct-connection.ts';
import { inlineConstants } from './inline-constants.ts';

/** A query that is compiled once per database and then only bound. */
export interface PreparedQuery<P, R> {
  /** Every row. */
  all(db: Kysely<Database>, parameters: P): Promise<R[]>;
  /** The first row, if there is one. */
  first(db: Kysely<Database>, parameters: P): Promise<R | undefined>;
  /** How many rows were changed. */
  run(db: Kysely<Database>, parameters: P): Promise<number>;
}

/** Stands in a compiled query where a value will be. */
class Placeholder {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** Names and flags that are the same in every run; octets stay what they are. */
const constantsInText = inlineConstants((value) => value instanceof Placeholder || ArrayBuffer.isView(value));

const placeholders = new Proxy({}, { get: (_, name) => new Placeholder(String(name)) });

/**
 * Prepares a query: Kysely builds and compiles it at the first use, which costs more than SQLite's answer does.
 *
 * What else `build` gives as a value is a constant and becomes part of the text. `parameters` inside `build` holds placeholders of the declared types: hand each on as a value, do not compute with it.
 */
export function prepared<P extends object, R>(
  build: (db: Kysely<Database>, parameters: P) => Compilable<R>,
): PreparedQuery<P, R> {
  const compiled = new WeakMap<DialectAdapter, CompiledQuery<R>>();

  function bind(db: Kysely<Database>, parameters: P): CompiledQuery<R> {
    // Kysely gives every connection and transaction of one database the same adapter.
    const { adapter } = db.getExecutor();
    let query = compiled.get(adapter);
    if (query === undefined) {
      query = build(db.withPlugin(constantsInText), placeholders as P).compile();
      compiled.set(adapter, query);
    }
    return { ...query, parameters: query.parameters.map((value) => fill(value, parameters)) };
  }

  return {
    all: async (db, parameters) => (await executeQuery(db, bind(db, parameters))).rows,
    first: async (db, parameters) => (await executeQuery(db, bind(db, parameters))).rows[0],
    run: async (db, parameters) => Number((await executeQuery(db, bind(db, parameters))).numAffectedRows ?? 0),
  };
}

function fill(value: unknown, parameters: object): unknown {
  return value instanceof Placeholder ? Reflect.get(parameters, value.name) : value;
}

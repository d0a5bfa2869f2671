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
  const compiled = new WeakMap<DialectAdapter, Compiled<R>>();

  function bind(db: Kysely<Database>, parameters: P): CompiledQuery<R> {
    // Kysely gives every connection and transaction of one database the same adapter.
    const { adapter } = db.getExecutor();
    let statement = compiled.get(adapter);
    if (statement === undefined) {
      statement = compile(build(db.withPlugin(constantsInText), placeholders as P));
      compiled.set(adapter, statement);
    }
    const { query, names } = statement;
    const values = parameters as Readonly<Record<string, unknown>>;
    const bound = names.map((name, place) => (name === undefined ? query.parameters[place] : values[name]));
    return { ...query, parameters: bound };
  }

  return {
    all: async (db, parameters) => (await executeQuery(db, bind(db, parameters))).rows,
    first: async (db, parameters) => (await executeQuery(db, bind(db, parameters))).rows[0],
    run: async (db, parameters) => Number((await executeQuery(db, bind(db, parameters))).numAffectedRows ?? 0),
  };
}

interface Compiled<R> {
  readonly query: CompiledQuery<R>;
  /** Of each parameter, in their order; `undefined` for a constant that could not become part of the text. */
  readonly names: readonly (string | undefined)[];
}

function compile<R>(built: Compilable<R>): Compiled<R> {
  const query = built.compile();
  return { query, names: query.parameters.map((value) => (value instanceof Placeholder ? value.name : undefined)) };
}

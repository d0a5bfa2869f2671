import type { TSchema } from 'typebox';

type Json = Readonly<Record<string, unknown>>;

/** Gathers the schemas that have a title as named components, so that the document has each of them once. */
export class Components {
  readonly #schemas = new Map<string, unknown>();

  /** The components gathered so far, by title. */
  get schemas(): Json {
    return Object.fromEntries(this.#schemas);
  }

  /** `schema` as it stands in the document: a reference when it has a title, itself otherwise. */
  reference(schema: TSchema): Json {
    return this.#visit(schema) as Json;
  }

  #visit(node: unknown): unknown {
    if (Array.isArray(node)) return node.map((item) => this.#visit(item));
    if (typeof node !== 'object' || node === null) return node;
    const title = 'title' in node && typeof node.title === 'string' ? node.title : undefined;
    if (title !== undefined && this.#schemas.has(title)) return { $ref: `#/components/schemas/${title}` };
    const copy = Object.fromEntries(Object.entries(node).map(([name, value]) => [name, this.#visit(value)]));
    if (title === undefined) return copy;
    this.#schemas.set(title, copy);
    return { $ref: `#/components/schemas/${title}` };
  }
}

import {
  type KyselyPlugin,
  OperationNodeTransformer,
  type PrimitiveValueListNode,
  type QueryId,
  ValueListNode,
  ValueNode,
} from 'kysely';

/**
 * Writes the constants of a query into its text, and leaves alone what `isParameter` knows.
 *
 * SQLite looks at the value that is bound when it asks whether a partial index serves a query (`"status" = ?`, for an
 * index where `"status" = 'intent'`), and compiles the statement anew whenever one is bound there afterwards
 * (exprCompareVariable in its expr.c): measured, several times the cost of the query itself.
 */
export function inlineConstants(isParameter: (value: unknown) => boolean): KyselyPlugin {
  const transformer = new ConstantInliner(isParameter);
  return {
    transformQuery: ({ node, queryId }) => transformer.transformNode(node, queryId),
    transformResult: async ({ result }) => result,
  };
}

class ConstantInliner extends OperationNodeTransformer {
  readonly #isParameter: (value: unknown) => boolean;

  constructor(isParameter: (value: unknown) => boolean) {
    super();
    this.#isParameter = isParameter;
  }

  protected override transformValue(node: ValueNode): ValueNode {
    return this.#isParameter(node.value) ? node : ValueNode.createImmediate(node.value);
  }

  /** Kysely makes this node of `in [...]` and types the replacement by the node; the compiler takes any. */
  protected override transformPrimitiveValueList(node: PrimitiveValueListNode, _queryId?: QueryId) {
    if (node.values.some(this.#isParameter)) return node;
    return ValueListNode.create(
      node.values.map((value) => ValueNode.createImmediate(value)),
    ) as unknown as PrimitiveValueListNode;
  }
}

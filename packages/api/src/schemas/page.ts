import { type TSchema, Type } from 'typebox';

/** Keyset pagination: the cursor names the last item seen, so pages stay stable under inserts. */
export const pageQuery = {
  limit: Type.Optional(Type.Integer({ description: 'Most items of one page.', minimum: 1, maximum: 500, default: 50 })),
  cursor: Type.Optional(
    Type.String({
      description: 'next_cursor of the page before; opaque.',
      pattern: '^[A-Za-z0-9_-]+$',
      maxLength: 512,
    }),
  ),
};

/** A page of `item`, in the order of the listing. */
export function pageOf<Item extends TSchema>(item: Item, options: { title: string; description: string }) {
  return Type.Object(
    {
      items: Type.Array(item, { maxItems: 500 }),
      next_cursor: Type.Union([Type.String({ maxLength: 512 }), Type.Null()], {
        description: 'Cursor of the next page; null on the last one.',
      }),
    },
    options,
  );
}

/** A page of the API: its items, and the cursor of the next one. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next_cursor: string | null;
}

/** What the next page is asked for with. */
export interface PageQuery {
  readonly limit: number;
  readonly cursor?: string;
}

/** The API gives at most so many items at once. */
const largestPage = 500;

/** Reads pages until `limit` items are there or no more come. */
export async function readPages<Item>(
  readPage: (query: PageQuery) => Promise<Page<Item>>,
  limit: number,
): Promise<{ items: Item[]; isComplete: boolean }> {
  const items: Item[] = [];
  let cursor: string | null | undefined;
  do {
    const wanted = Math.min(largestPage, limit - items.length);
    const page = await readPage({ limit: wanted, ...(typeof cursor === 'string' && { cursor }) });
    items.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor !== null && items.length < limit);
  return { items, isComplete: cursor === null };
}

/** One page out of at most `limit + 1` rows: the extra row only tells that there is a next page. */
export function pageOfRows<Row, Item>(
  rows: readonly Row[],
  limit: number,
  itemOf: (row: Row) => Item,
  cursorAfter: (row: Row) => string,
): { items: Item[]; next_cursor: string | null } {
  const taken = rows.slice(0, limit);
  const last = rows.length > limit ? taken.at(-1) : undefined;
  return { items: taken.map(itemOf), next_cursor: last === undefined ? null : cursorAfter(last) };
}

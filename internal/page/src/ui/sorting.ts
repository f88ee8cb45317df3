// The order of a table's rows. What is not known stands last, whichever way the rest is sorted.
import {useMemo, useState} from "preact/hooks";

export type Sortable = string | number | null | undefined;

export function useSorted<Row, Key extends string>(rows: Row[], first: {by: Key; descending: boolean}, valueOf: (row: Row, key: Key) => Sortable) {
  const [sort, setSort] = useState(first);
  const sorted = useMemo(() => {
    const keyed = rows.map((row) => ({row, key: valueOf(row, sort.by)})); // each value is asked for once
    return keyed.sort((a, b) => compare(a.key, b.key, sort.descending)).map((k) => k.row);
  }, [rows, sort]);
  const onSort = (by: Key) => setSort((now) => ({by, descending: now.by === by ? !now.descending : rows[0] !== undefined && typeof valueOf(rows[0], by) === "number"}));
  return {sorted, sort, onSort};
}

function compare(a: Sortable, b: Sortable, descending: boolean): number {
  if (a === null || a === undefined) return b === null || b === undefined ? 0 : 1;
  if (b === null || b === undefined) return -1;
  const order = typeof a === "string" && typeof b === "string" ? (a < b ? -1 : a > b ? 1 : 0) : Number(a) - Number(b);
  return descending ? -order : order;
}

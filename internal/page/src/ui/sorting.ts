// The order of a table, as its headings choose it and the API sorts by it.
import {useState} from "preact/hooks";

export interface Order<Key extends string> {
  by: Key;
  descending: boolean;
}

/** Choosing a heading again turns the order round. Numbers begin with the greatest, names with the first. */
export function useOrder<Key extends string>(first: Order<Key>, textual: readonly Key[]) {
  const [order, setOrder] = useState(first);
  const onSort = (by: Key) => setOrder((now) => ({by, descending: now.by === by ? !now.descending : !textual.includes(by)}));
  return {order, onSort};
}

/** The parameters of the API for an order. */
export function orderQuery<Key extends string>({by, descending}: Order<Key>) {
  return {sort: by, order: descending ? "desc" : "asc"};
}

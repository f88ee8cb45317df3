// The order of a table. A heading chooses it, and the API sorts.
import {useState} from "preact/hooks";

export interface Order<Key extends string> {
  by: Key;
  descending: boolean;
}

/** Keeps the order. A second click on the same heading reverses it. Numbers start with the greatest, names with the first. */
export function useOrder<Key extends string>(first: Order<Key>, textual: readonly Key[]) {
  const [order, setOrder] = useState(first);
  const onSort = (by: Key) => setOrder((now) => ({by, descending: now.by === by ? !now.descending : !textual.includes(by)}));
  return {order, onSort};
}

/** Returns the API's parameters for an order. */
export function orderQuery<Key extends string>({by, descending}: Order<Key>) {
  return {sort: by, order: descending ? "desc" : "asc"};
}

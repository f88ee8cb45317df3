// A table that draws only the rows in sight, so 10,000 rows scroll as fast as ten. Rows that were not read yet take up space too.
// They are read when somebody scrolls to them.
import type {ComponentChildren} from "preact";
import {useEffect, useLayoutEffect, useRef, useState} from "preact/hooks";
import type {List} from "../api/list.ts";
import * as format from "../format.ts";
import type {Order} from "./sorting.ts";

const rowHeight = 36;
const beyond = 8; // rows that are drawn above and below the visible ones
const printed = 2000; // the most rows that are drawn on paper

export interface Column<Row, Key extends string> {
  title: string;
  sort?: Key; // the API's name for the order by this column
  numeric?: boolean;
  cell: (row: Row) => ComponentChildren;
}

interface WindowedProps<Row, Key extends string> {
  label: string;
  empty: string; // shown if the list has no rows
  list: Pick<List<unknown, Row>, "rows" | "ended" | "busy" | "readOn">;
  total: number | null; // the number of rows in the whole list; null if only its end tells
  columns: Column<Row, Key>[];
  order: Order<Key>;
  onSort: (by: Key) => void;
  selection?: {has: (row: Row) => boolean; toggle: (row: Row) => void; nameOf: (row: Row) => string; can: (row: Row) => boolean};
}

export function Windowed<Row, Key extends string>({
  label,
  empty,
  list: {rows, ended, busy, readOn},
  total,
  columns,
  order,
  onSort,
  selection,
}: WindowedProps<Row, Key>) {
  const frame = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(600);
  useLayoutEffect(() => setHeight(frame.current?.clientHeight || 600), [rows.length]);

  const printing = usePrinting();

  const count = ended ? rows.length : Math.max(total ?? 0, rows.length);
  const seenTo = Math.ceil((top + height) / rowHeight) + beyond;
  const first = printing ? 0 : Math.max(0, Math.min(Math.floor(top / rowHeight) - beyond, rows.length - 1));
  const last = Math.min(rows.length, printing ? printed : seenTo);
  const width = columns.length + (selection ? 1 : 0);
  useEffect(() => {
    if (!ended && !busy && seenTo >= rows.length) readOn();
  }, [ended, busy, seenTo >= rows.length, rows]);
  return (
    <div
      class="windowed"
      ref={frame}
      tabIndex={0}
      role="region"
      aria-label={label}
      aria-busy={busy}
      onScroll={(e) => setTop(e.currentTarget.scrollTop)}
    >
      <table aria-rowcount={ended || total !== null ? count + 1 : -1} aria-label={label}>
        <thead>
          <tr aria-rowindex={1}>
            {selection && (
              <th scope="col">
                <span class="hidden">Chosen</span>
              </th>
            )}
            {columns.map((c, n) => (
              <Heading key={c.title} column={c} order={order} onSort={onSort} sticks={n === 0} />
            ))}
          </tr>
        </thead>
        <tbody>
          {ended && !busy && rows.length === 0 && (
            <tr>
              <td colSpan={width} class="empty">
                {empty}
              </td>
            </tr>
          )}
          <Gap rows={first} width={width} />
          {/* The key of a row is its position, so a new order reuses the elements. */}
          {rows.slice(first, last).map((row, i) => (
            <tr key={first + i} aria-rowindex={first + i + 2}>
              {selection && (
                <td>
                  <input
                    type="checkbox"
                    aria-label={`Choose ${selection.nameOf(row)}`}
                    checked={selection.has(row)}
                    disabled={!selection.can(row)}
                    onChange={() => selection.toggle(row)}
                  />
                </td>
              )}
              {columns.map((c, n) =>
                n === 0 ? (
                  <th key={c.title} scope="row" class="sticks">
                    {c.cell(row)}
                  </th>
                ) : (
                  <td key={c.title} class={c.numeric ? "numeric" : ""}>
                    {c.cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
          {!printing && <Gap rows={count - last} width={width} />}
        </tbody>
      </table>
      {printing && (count > last || !ended) && (
        <p class="small">
          {`${count > last ? format.some(count - last, "more row") : "More rows"} ${count - last === 1 ? "is" : "are"} not on paper: the table saved as CSV has them all.`}
        </p>
      )}
    </div>
  );
}

/** Reports whether the page is being printed. Nobody scrolls on paper. */
function usePrinting(): boolean {
  const [printing, setPrinting] = useState(false);
  useEffect(() => {
    const begin = () => setPrinting(true);
    const end = () => setPrinting(false);
    addEventListener("beforeprint", begin);
    addEventListener("afterprint", end);
    return () => {
      removeEventListener("beforeprint", begin);
      removeEventListener("afterprint", end);
    };
  }, []);
  return printing;
}

/** Fills the space of rows that are not drawn or not read yet. */
function Gap({rows, width}: {rows: number; width: number}) {
  return rows > 0 ? (
    <tr aria-hidden="true">
      <td colSpan={width} class="gap" style={{height: `${rows * rowHeight}px`}} />
    </tr>
  ) : null;
}

interface HeadingProps<Row, Key extends string> {
  column: Column<Row, Key>;
  order: Order<Key>;
  onSort: (by: Key) => void;
  sticks: boolean;
}

function Heading<Row, Key extends string>({column: {title, sort, numeric}, order, onSort, sticks}: HeadingProps<Row, Key>) {
  const side = numeric ? "numeric" : sticks ? "sticks" : "";
  if (sort === undefined)
    return (
      <th scope="col" class={side}>
        {title}
      </th>
    );
  const sorted = order.by === sort ? (order.descending ? "descending" : "ascending") : "none";
  return (
    <th scope="col" class={side} aria-sort={sorted}>
      <button type="button" class="sort" onClick={() => onSort(sort)}>
        {title}
        <span aria-hidden="true">{{descending: " ↓", ascending: " ↑", none: ""}[sorted]}</span>
      </button>
    </th>
  );
}

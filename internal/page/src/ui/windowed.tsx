// A table that draws only the rows in sight: 10,000 of them scroll as fast as ten.
import type {ComponentChildren} from "preact";
import {useLayoutEffect, useRef, useState} from "preact/hooks";

const rowHeight = 36;
const beyond = 8; // rows drawn above and below what is seen

export interface Column<Row, Key extends string> {
  key: Key;
  title: string;
  numeric?: boolean;
  sortable?: boolean;
  cell: (row: Row) => ComponentChildren;
}

interface WindowedProps<Row, Key extends string> {
  label: string;
  rows: Row[];
  columns: Column<Row, Key>[];
  rowKey: (row: Row, index: number) => string;
  sort?: {by: Key; descending: boolean};
  onSort?: (by: Key) => void;
  selection?: {has: (row: Row) => boolean; toggle: (row: Row) => void; nameOf: (row: Row) => string; can: (row: Row) => boolean};
}

export function Windowed<Row, Key extends string>({label, rows, columns, rowKey, sort, onSort, selection}: WindowedProps<Row, Key>) {
  const frame = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(600);
  useLayoutEffect(() => setHeight(frame.current?.clientHeight || 600), [rows.length]);

  const first = Math.max(0, Math.min(Math.floor(top / rowHeight) - beyond, rows.length - 1));
  const last = Math.min(rows.length, Math.ceil((top + height) / rowHeight) + beyond);
  const width = columns.length + (selection ? 1 : 0);
  return (
    <div class="windowed" ref={frame} tabIndex={0} role="region" aria-label={label} onScroll={(e) => setTop(e.currentTarget.scrollTop)}>
      <table aria-rowcount={rows.length + 1} aria-label={label}>
        <thead>
          <tr aria-rowindex={1}>
            {selection && <th scope="col"><span class="hidden">Chosen</span></th>}
            {columns.map((c) => <Heading key={c.key} column={c} sort={sort} onSort={onSort} />)}
          </tr>
        </thead>
        <tbody>
          <Gap rows={first} width={width} />
          {rows.slice(first, last).map((row, i) => (
            <tr key={rowKey(row, first + i)} aria-rowindex={first + i + 2}>
              {selection && (
                <td>
                  <input type="checkbox" aria-label={`Choose ${selection.nameOf(row)}`} checked={selection.has(row)}
                    disabled={!selection.can(row)} onChange={() => selection.toggle(row)} />
                </td>
              )}
              {columns.map((c) => <td key={c.key} class={c.numeric ? "numeric" : ""}>{c.cell(row)}</td>)}
            </tr>
          ))}
          <Gap rows={rows.length - last} width={width} />
        </tbody>
      </table>
    </div>
  );
}

/** Takes the room of rows that are not drawn. */
function Gap({rows, width}: {rows: number; width: number}) {
  return rows > 0 ? <tr aria-hidden="true"><td colSpan={width} class="gap" style={{height: `${rows * rowHeight}px`}} /></tr> : null;
}

interface HeadingProps<Row, Key extends string> {
  column: Column<Row, Key>;
  sort: {by: Key; descending: boolean} | undefined;
  onSort: ((by: Key) => void) | undefined;
}

function Heading<Row, Key extends string>({column, sort, onSort}: HeadingProps<Row, Key>) {
  const sorted = sort?.by === column.key;
  const order = sorted ? (sort.descending ? "descending" : "ascending") : "none";
  return (
    <th scope="col" class={column.numeric ? "numeric" : ""} {...(onSort && column.sortable !== false && {"aria-sort": order})}>
      {onSort && column.sortable !== false ? (
        <button type="button" class="sort" onClick={() => onSort(column.key)}>
          {column.title}<span aria-hidden="true">{sorted ? (sort.descending ? " ↓" : " ↑") : ""}</span>
        </button>
      ) : column.title}
    </th>
  );
}

// A table with a bar in each row.
import type {ComponentChildren} from "preact";

export interface Bar {
  name: ComponentChildren;
  value: number | null;
  text: string;
  beside?: string;
}

interface BarsProps {
  label: string;
  columns: string[];
  rows: Bar[];
  n?: number;
  note?: ComponentChildren;
  empty?: string;
  limit?: number;
}

export function Bars({
  label,
  columns,
  rows,
  n = 0,
  note,
  empty = "GitHub gives no such split for these days.",
  limit = 8,
}: BarsProps) {
  const greatest = Math.max(...rows.map((r) => r.value ?? 0), Number.MIN_VALUE);
  const drawn = rows.slice(0, limit);
  const beside = columns.length > 2;
  if (rows.length === 0) return <p class="empty">{empty}</p>;
  return (
    <>
      <table class="bars" aria-label={label}>
        <thead class="hidden">
          <tr>
            <th scope="col">{columns[0]}</th>
            <th scope="col">{columns[1]}</th>
            {beside && <th scope="col">{columns[2]}</th>}
          </tr>
        </thead>
        <tbody>
          {drawn.map((row, i) => (
            <tr key={i}>
              <th scope="row">{row.name}</th>
              <td>
                <span class="bar">
                  <span class={`fill fill-${n}`} style={{width: `${Math.max(0, ((row.value ?? 0) / greatest) * 100)}%`}} />
                </span>
                <span class="amount">{row.text}</span>
              </td>
              {beside && <td class="numeric beside">{row.beside}</td>}
            </tr>
          ))}
        </tbody>
      </table>
      {(note || rows.length > limit) && (
        <p class="small">
          {note}
          {rows.length > limit && ` The ${limit} greatest of ${rows.length}.`}
        </p>
      )}
    </>
  );
}

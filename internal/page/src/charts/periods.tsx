// Columns of people by week or month, with their share of the seats. An incomplete period is hatched.
import {useId} from "preact/hooks";
import * as format from "../format.ts";
import {Hatch} from "./days.tsx";
import {sized, steps, useWidth, ValueAxis, type Plane} from "./frame.tsx";

export interface Column {
  name: string;
  whole: boolean;
  people: number | null;
  share: number | null; // of the seats
}

export function Periods({label, columns}: {label: string; columns: Column[]}) {
  const {ref, width} = useWidth();
  const hatch = useId();
  const height = 210;
  const shares = columns.some((c) => c.share !== null);
  const plane: Plane = {left: 44, right: width - 16, top: 24, bottom: height - (shares ? 44 : 28)};
  const marks = steps(Math.max(0, ...columns.map((c) => c.people ?? 0)));
  const y = (v: number) => plane.bottom - (v / marks.at(-1)!) * (plane.bottom - plane.top);
  const slot = (plane.right - plane.left) / columns.length;
  const every = Math.ceil(46 / slot);
  const told = columns.map(
    (c) =>
      `${c.name}: ${format.count(c.people)}${c.share === null ? "" : `, ${format.rate(c.share)} of the seats`}${c.whole ? "" : ", not complete"}`,
  );
  return (
    <div class="chart" ref={ref}>
      <svg {...sized(width, height)} role="img" aria-label={`${label}. ${told.join("; ")}.`}>
        <Hatch id={hatch} />
        <ValueAxis marks={marks} plane={plane} y={y} />
        {columns.map((c, i) => {
          const at = {x: plane.left + i * slot + slot * 0.14, width: slot * 0.72};
          const middle = at.x + at.width / 2;
          const named = (columns.length - 1 - i) % every === 0;
          return (
            <g key={c.name} class="column">
              {c.people === null ? (
                <rect {...at} class="pending" y={plane.top} height={plane.bottom - plane.top} />
              ) : (
                <rect
                  {...at}
                  class={c.whole ? "column-whole" : "column-part"}
                  {...(!c.whole && {fill: `url(#${hatch})`})}
                  y={y(c.people)}
                  height={Math.max(1, plane.bottom - y(c.people))}
                />
              )}
              {named && (
                <>
                  <text x={middle} y={y(c.people ?? 0) - 6} text-anchor="middle" class="end">
                    {format.count(c.people)}
                  </text>
                  <text x={middle} y={plane.bottom + 16} text-anchor="middle" class="axis-name">
                    {c.name}
                  </text>
                  {c.share !== null && (
                    <text x={middle} y={plane.bottom + 32} text-anchor="middle" class="axis-name">
                      {format.wholeRate(c.share)}
                    </text>
                  )}
                </>
              )}
            </g>
          );
        })}
      </svg>
    </div>
  );
}

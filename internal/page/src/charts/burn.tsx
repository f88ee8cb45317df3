// The AI credits of a month: a line of the used credits, the even pace, the size of the pool, and the projection.
import * as format from "../format.ts";
import {pathOf, sized, steps, useWidth, ValueAxis, type Plane} from "./frame.tsx";

interface BurnProps {
  from: string;
  cumulated: (number | null)[];
  included: number | null;
  projected: number | null;
  exhaustedOn: string | null;
}

export function Burn({from, cumulated, included, projected, exhaustedOn}: BurnProps) {
  const daysOfMonth = format.daysOfMonth(from);
  const {ref, width} = useWidth();
  const height = 230;
  const plane: Plane = {left: 50, right: width - 16, top: 22, bottom: height - 24};
  const known = cumulated.filter((v) => v !== null);
  const marks = steps(Math.max(included ?? 0, projected ?? 0, ...known));
  const x = (day: number) => plane.left + (day / daysOfMonth) * (plane.right - plane.left);
  const y = (v: number) => plane.bottom - (v / marks.at(-1)!) * (plane.bottom - plane.top);
  const last = cumulated.findLastIndex((v) => v !== null);
  const used = last < 0 ? null : cumulated[last]!;
  const crowded = used !== null && projected !== null && plane.right - x(last + 1) < 90 && Math.abs(y(used) - y(projected)) < 18; // the two labels would overlap
  const every = width < 480 ? 14 : 7;
  const label = `AI credits: ${format.count(used)} used by ${format.day(format.plusDays(from, Math.max(0, last)))}, ${format.count(included)} included, ${format.count(projected)} at the month's end at this pace. ${exhaustedOn ? `The pool ends on ${format.day(exhaustedOn)}.` : ""}`;
  const ends = exhaustedOn === null ? null : x(Number(exhaustedOn.slice(8)));
  return (
    <div class="chart" ref={ref}>
      <svg {...sized(width, height)} role="img" aria-label={label}>
        <ValueAxis marks={marks} plane={plane} y={y} />
        <g class="axis">
          {Array.from(
            {length: daysOfMonth},
            (_, i) =>
              i % every === 0 && (
                <text key={i} x={x(i + 0.5)} y={plane.bottom + 16} text-anchor="middle">
                  {format.day(format.plusDays(from, i))}
                </text>
              ),
          )}
        </g>
        {included !== null && (
          <>
            <path class="pool" d={`M${x(0)} ${y(included)}H${x(daysOfMonth)}`} />
            <text class="pool-name" x={plane.left + 6} y={y(included) - 6}>
              pool {format.count(included)}
            </text>
            <path class="pace" d={`M${x(0)} ${y(0)}L${x(daysOfMonth)} ${y(included)}`} />
            <text class="axis-name" x={x(daysOfMonth * 0.55)} y={y(included * 0.55) - 8} text-anchor="end">
              even pace
            </text>
          </>
        )}
        {ends !== null && (
          <>
            <path class="pool" d={`M${ends} ${plane.top}V${plane.bottom}`} />
            <text
              class="pool-name"
              x={ends > width / 2 ? ends - 6 : ends + 6}
              y={plane.bottom - 8}
              text-anchor={ends > width / 2 ? "end" : "start"}
            >
              pool ends {format.day(exhaustedOn)}
            </text>
          </>
        )}
        <g class="series-0">
          <path class="line line-0" d={pathOf([0, ...cumulated], x, y)} />
          {used !== null && projected !== null && (
            <path class="line projection" d={`M${x(last + 1)} ${y(used)}L${x(daysOfMonth)} ${y(projected)}`} />
          )}
          {used !== null && (
            <>
              <circle cx={x(last + 1)} cy={y(used)} r="3.5" />
              <text class="end" x={x(last + 1) - 6} y={y(used) - 9} text-anchor="end">
                {format.count(used)} used
              </text>
            </>
          )}
          {projected !== null && (
            <text class="end" x={plane.right} y={y(projected) - (crowded ? 24 : 8)} text-anchor="end">
              → {format.count(projected)}
            </text>
          )}
        </g>
      </svg>
    </div>
  );
}

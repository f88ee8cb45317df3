// The spend of a month as columns: seats, credits beyond the pool, their sum, and the projection.
import type {Money} from "../api/names.ts";
import {sized, steps, useWidth, ValueAxis, type Plane} from "./frame.tsx";
import * as format from "../format.ts";

export interface Step {
  name: string;
  from: number;
  value: Money | null;
  kind: "part" | "total" | "projected";
}

export function Waterfall({steps: list}: {steps: Step[]}) {
  const {ref, width} = useWidth();
  const height = 230;
  const narrow = width < 480;
  const plane: Plane = {left: narrow ? 40 : 58, right: width - 8, top: 22, bottom: height - (narrow ? 44 : 26)};
  const marks = steps(Math.max(...list.map((s) => s.from + (format.amount(s.value) ?? 0))));
  const y = (v: number) => plane.bottom - (v / marks.at(-1)!) * (plane.bottom - plane.top);
  const slot = (plane.right - plane.left) / list.length;
  return (
    <div class="chart" ref={ref}>
      <svg {...sized(width, height)} role="img" aria-label={list.map((s) => `${s.name}: ${format.money(s.value)}`).join(", ")}>
        <ValueAxis marks={marks} plane={plane} y={y} text={format.short} />
        {list.map((s, i) => {
          const x = plane.left + i * slot + slot * 0.16;
          const value = format.amount(s.value);
          const top = y(s.from + (value ?? 0));
          return (
            <g key={s.name} class={`step step-${s.kind}`}>
              {value === null ? (
                <rect class="pending" x={x} width={slot * 0.68} y={plane.top} height={plane.bottom - plane.top} />
              ) : (
                <rect x={x} width={slot * 0.68} y={top} height={Math.max(1, y(s.from) - top)} />
              )}
              <text x={x + slot * 0.34} y={(value === null ? plane.top : top) - 7} text-anchor="middle" class="end">
                {narrow ? format.shortMoney(s.value) : format.money(s.value)}
              </text>
              {linesOf(s.name, narrow).map((line, n) => (
                <text key={line} x={x + slot * 0.34} y={plane.bottom + 17 + n * 14} text-anchor="middle" class="axis-name">
                  {line}
                </text>
              ))}
            </g>
          );
        })}
      </svg>
    </div>
  );
}

/** Splits a name into two lines if the columns are narrow. */
function linesOf(name: string, narrow: boolean): string[] {
  const space = name.indexOf(" ");
  return narrow && space > 0 ? [name.slice(0, space), name.slice(space + 1)] : [name];
}

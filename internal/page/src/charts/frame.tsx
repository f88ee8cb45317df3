// The common parts of charts: the width, the scale, and the axes.
import {useEffect, useRef, useState} from "preact/hooks";
import type {Day} from "../api/names.ts";
import * as format from "../format.ts";

/** Returns the width of an element in pixels, so that the text of a chart is never scaled. */
export function useWidth() {
  const ref = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(600);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => entry && setWidth(Math.max(200, Math.round(entry.contentRect.width))));
    if (ref.current) observer.observe(ref.current);
    return () => observer.disconnect();
  }, []);
  return {ref, width};
}

/** Returns the size of a drawing. It is scaled on paper, which is narrower than the screen. */
export function sized(width: number, height: number) {
  return {width, height, viewBox: `0 0 ${width} ${height}`};
}

/** Returns round steps from 0 to at least the greatest value. */
export function steps(greatest: number): number[] {
  if (!(greatest > 0)) return [0, 1];
  const rough = greatest / 3;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((n) => n * power).find((n) => n >= rough)!;
  const list = [0];
  while (list.at(-1)! < greatest) list.push(list.length * step);
  return list;
}

export interface Plane {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Draws the background of each day by its state and weekday. */
export function DayBands({days, plane, hatch}: {days: Pick<Day, "date" | "state">[]; plane: Plane; hatch: string}) {
  const slot = (plane.right - plane.left) / Math.max(1, days.length);
  const height = plane.bottom - plane.top;
  return (
    <g aria-hidden="true">
      {days.map((d, i) => {
        const at = {x: plane.left + i * slot, y: plane.top, width: slot, height};
        return (
          <g key={d.date}>
            {format.isWeekend(d.date) && <rect {...at} class="weekend" />}
            {d.state === "provisional" && <rect {...at} fill={`url(#${hatch})`} />}
            {d.state === "pending" && <rect {...at} x={at.x + 1} width={Math.max(1, slot - 2)} class="pending" />}
          </g>
        );
      })}
    </g>
  );
}

/** Labels as many days as fit. */
export function DayAxis({dates, plane}: {dates: string[]; plane: Plane}) {
  const slot = (plane.right - plane.left) / Math.max(1, dates.length);
  const every = Math.max(1, Math.ceil(58 / slot));
  return (
    <g class="axis" aria-hidden="true">
      {dates.map(
        (date, i) =>
          i % every === 0 && (
            <text key={date} x={plane.left + (i + 0.5) * slot} y={plane.bottom + 16} text-anchor="middle">
              {format.day(date)}
            </text>
          ),
      )}
    </g>
  );
}

export function ValueAxis({
  marks,
  plane,
  y,
  text = format.short,
}: {
  marks: number[];
  plane: Plane;
  y: (v: number) => number;
  text?: (v: number) => string;
}) {
  return (
    <g class="axis" aria-hidden="true">
      {marks.map((v) => (
        <g key={v}>
          <line x1={plane.left} x2={plane.right} y1={y(v)} y2={y(v)} />
          <text x={plane.left - 6} y={y(v) + 4} text-anchor="end">
            {text(v)}
          </text>
        </g>
      ))}
    </g>
  );
}

/** Returns the path of a line. An unknown value interrupts it. */
export function pathOf(values: (number | null)[], x: (i: number) => number, y: (v: number) => number): string {
  let path = "";
  let drawing = false;
  values.forEach((v, i) => {
    if (v !== null) path += `${drawing ? "L" : "M"}${x(i).toFixed(1)} ${y(v).toFixed(1)}`;
    drawing = v !== null;
  });
  return path;
}

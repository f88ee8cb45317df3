// Lines over days. Weekends are shaded and provisional days are hatched. A pending day is an outlined slot, and a missing day is a gap.
import {useId, useState} from "preact/hooks";
import type {Day} from "../api/names.ts";
import * as format from "../format.ts";
import {DayAxis, DayBands, pathOf, sized, steps, useWidth, ValueAxis, type Plane} from "./frame.tsx";

export interface Series {
  name: string;
  values: (number | null)[];
  text: (value: number | null) => string;
}

interface DaysProps {
  label: string;
  days: Day[];
  series: Series[];
  height?: number;
}

export function Days({label, days, series, height = 190}: DaysProps) {
  const {ref, width} = useWidth();
  const hatch = useId();
  const [chosen, setChosen] = useState<number | null>(null);
  const known = series.flatMap((s) => s.values).filter((v) => v !== null);
  const marks = steps(Math.max(0, ...known));
  const axisText = series[0]!.text(0.5).includes("%") ? format.rate : format.short;
  const named = width > 480;
  const plane: Plane = {left: 44, right: width - (named ? roomFor(series) : 12), top: 10, bottom: height - 26};
  const x = (i: number) => plane.left + ((i + 0.5) * (plane.right - plane.left)) / Math.max(1, days.length);
  const y = (v: number) => plane.bottom - (v / marks.at(-1)!) * (plane.bottom - plane.top);

  const move = (by: number) => setChosen((now) => Math.min(days.length - 1, Math.max(0, (now ?? days.length) + by)));
  const point = (event: PointerEvent & {currentTarget: Element}) => {
    const at = event.clientX - event.currentTarget.getBoundingClientRect().left - plane.left;
    setChosen(Math.min(days.length - 1, Math.max(0, Math.floor((at / (plane.right - plane.left)) * days.length))));
  };
  const keys = (event: KeyboardEvent) => {
    const by = {ArrowLeft: -1, ArrowRight: 1, Home: -days.length, End: days.length}[event.key];
    if (by === undefined) return;
    event.preventDefault();
    move(by);
  };
  if (known.length === 0) return <p class="empty">GitHub has given no such numbers for these days.</p>;
  return (
    <div class="chart" ref={ref}>
      <Readout day={chosen === null ? undefined : days[chosen]} series={series} at={chosen} />
      <svg
        {...sized(width, height)}
        role="img"
        tabIndex={0}
        aria-label={`${label}. ${summary(days, series)} Arrow keys go through the days.`}
        onPointerMove={point}
        onPointerLeave={() => setChosen(null)}
        onKeyDown={keys}
        onBlur={() => setChosen(null)}
      >
        <Hatch id={hatch} />
        <DayBands days={days} plane={plane} hatch={hatch} />
        <ValueAxis marks={marks} plane={plane} y={y} text={axisText} />
        <ShortMarks days={days} plane={plane} />
        <DayAxis dates={days.map((d) => d.date)} plane={plane} />
        {chosen !== null && <line class="cursor" x1={x(chosen)} x2={x(chosen)} y1={plane.top} y2={plane.bottom} />}
        {series.map((s, n) => (
          <Line key={s.name} series={s} n={n} x={x} y={y} dots={days.length <= 40} named={named} below={collides(series, n, y)} />
        ))}
      </svg>
      {!named && series.length > 1 && (
        <p class="legend small">
          {series.map((s, n) => (
            <span key={s.name} class={`series-${n}`}>
              <Key n={n} /> {s.name}{" "}
            </span>
          ))}
        </p>
      )}
    </div>
  );
}

/** Returns the width of the names at the ends of the lines. A letter takes about seven pixels. */
function roomFor(series: Series[]): number {
  const lengths = series.map((s) => `${s.name} ${s.text(s.values.findLast((v) => v !== null) ?? null)}`.length);
  return 16 + 7 * Math.max(...lengths);
}

export function Hatch({id}: {id: string}) {
  return (
    <defs>
      <pattern id={id} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <line class="hatch" x1="0" y1="0" x2="0" y2="6" />
      </pattern>
    </defs>
  );
}

function Key({n}: {n: number}) {
  return (
    <svg width="24" height="8" aria-hidden="true">
      <path class={`line line-${n}`} d="M0 4H24" />
    </svg>
  );
}

interface LineProps {
  series: Series;
  n: number;
  x: (i: number) => number;
  y: (v: number) => number;
  dots: boolean;
  named: boolean;
  below: boolean;
}

function Line({series, n, x, y, dots, named, below}: LineProps) {
  const last = series.values.findLastIndex((v) => v !== null);
  return (
    <g class={`series-${n}`}>
      <path class={`line line-${n}`} d={pathOf(series.values, x, y)} />
      {dots && series.values.map((v, i) => v !== null && <circle key={i} cx={x(i)} cy={y(v)} r="2.4" />)}
      {named && last >= 0 && (
        <text class="end" x={x(last) + 8} y={y(series.values[last]!) + (below ? 15 : 4)}>
          {series.name} {series.text(series.values[last]!)}
        </text>
      )}
    </g>
  );
}

/** Reports whether the name of a line would cover the name of an earlier line. */
function collides(series: Series[], n: number, y: (v: number) => number): boolean {
  const end = (s: Series) => s.values.findLast((v) => v !== null) ?? null;
  const mine = end(series[n]!);
  return series.slice(0, n).some((s) => mine !== null && end(s) !== null && Math.abs(y(end(s)!) - y(mine)) < 14);
}

function Readout({day, series, at}: {day: Day | undefined; series: Series[]; at: number | null}) {
  return (
    <p class="readout small" aria-live="polite">
      {day && at !== null
        ? `${format.dayOfWeek(day.date)}: ${series.map((s) => `${s.name.toLowerCase()} ${s.text(s.values[at] ?? null)}`).join(" · ")} · ${day.state}${day.people ? ` · ${peopleRead(day.people)}` : ""}`
        : "\u00a0"}
    </p>
  );
}

/** Returns "3 of 11 people read" for a day with an incomplete per-person report. */
export function peopleRead({read, expected}: NonNullable<Day["people"]>): string {
  return `${format.count(read)} of ${format.people(expected)} read`;
}

/** Marks the days with an incomplete per-person report. */
function ShortMarks({days, plane}: {days: Day[]; plane: Plane}) {
  const slot = (plane.right - plane.left) / Math.max(1, days.length);
  return (
    <g class="short-mark" aria-hidden="true">
      {days.map(
        (d, i) =>
          d.people && (
            <text key={d.date} x={plane.left + (i + 0.5) * slot} y={plane.top + 10} text-anchor="middle">
              !
            </text>
          ),
      )}
    </g>
  );
}

function summary(days: Day[], series: Series[]): string {
  const parts = series.map((s) => {
    const last = s.values.findLastIndex((v) => v !== null);
    return last < 0 ? `${s.name}: nothing known.` : `${s.name} ${s.text(s.values[last]!)} on ${format.day(days[last]!.date)}.`;
  });
  return parts.join(" ");
}

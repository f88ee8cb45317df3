import type {Day} from "../api/names.ts";

/** Returns the newest day that has a figure. Nobody can add up people, phases or medians of several days. */
export function latest<T>(days: Day[], figure: (day: Day) => T | null | undefined): {date: string; value: T} | null {
  const day = days.findLast((d) => figure(d) != null);
  return day ? {date: day.date, value: figure(day)!} : null;
}

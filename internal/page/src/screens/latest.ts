import type {Day} from "../api/names.ts";

/** The newest day that tells a figure: people, phases and medians of several days cannot be joined. */
export function latest<T>(days: Day[], figure: (day: Day) => T | null | undefined): {date: string; value: T} | null {
  const day = days.findLast((d) => figure(d) != null);
  return day ? {date: day.date, value: figure(day)!} : null;
}

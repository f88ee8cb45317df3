// Formats numbers, money and dates for people. An unknown value is "–", never 0.
import type {Money} from "./api/names.ts";

export const unknown = "–";

const locale = knownLocale();

/** Returns the browser's first language that Intl accepts. With LANG=C a browser may name one that Intl rejects. */
function knownLocale(): string {
  for (const language of navigator.languages ?? []) {
    try {
      return Intl.NumberFormat(language).resolvedOptions().locale;
    } catch {
      continue;
    }
  }
  return "en";
}

const whole = new Intl.NumberFormat(locale, {maximumFractionDigits: 0});
const decimal = new Intl.NumberFormat(locale, {maximumFractionDigits: 2});
const tenths = new Intl.NumberFormat(locale, {maximumFractionDigits: 1});
const percent = new Intl.NumberFormat(locale, {style: "percent", maximumFractionDigits: 1});
const wholePercent = new Intl.NumberFormat(locale, {style: "percent", maximumFractionDigits: 0});
const compact = new Intl.NumberFormat(locale, {notation: "compact", maximumFractionDigits: 1});
const signed = new Intl.NumberFormat(locale, {style: "percent", maximumFractionDigits: 1, signDisplay: "exceptZero"});
const signedPoints = new Intl.NumberFormat(locale, {maximumFractionDigits: 1, signDisplay: "exceptZero"});
const plural = new Intl.PluralRules("en");

export function count(value: number | null | undefined): string {
  return value === null || value === undefined ? unknown : whole.format(value);
}

export function quantity(value: number | null | undefined): string {
  return value === null || value === undefined ? unknown : decimal.format(value);
}

export function rate(value: number | null | undefined): string {
  return value === null || value === undefined ? unknown : percent.format(value);
}

export function wholeRate(value: number): string {
  return wholePercent.format(value);
}

export function short(value: number): string {
  return compact.format(value);
}

/** Returns the change of a figure in percent, or null if one of the two is unknown or the earlier one is 0. */
export function change(now: number | null | undefined, before: number | null | undefined): string | null {
  if (now === null || now === undefined || !before) return null;
  return signed.format(now / before - 1);
}

/** Returns the change of a rate in percentage points. */
export function points(now: number | null | undefined, before: number | null | undefined): string | null {
  if (now === null || now === undefined || before === null || before === undefined) return null;
  return `${signedPoints.format((now - before) * 100)} pts`;
}

export function money(value: Money | null | undefined): string {
  if (!value) return unknown;
  const format = new Intl.NumberFormat(locale, {style: "currency", currency: value.currency, currencyDisplay: "narrowSymbol"});
  return format.format(value.amount as Intl.StringNumericLiteral);
}

export function shortMoney(value: Money | null): string {
  return value
    ? new Intl.NumberFormat(locale, {
        style: "currency",
        currency: value.currency,
        currencyDisplay: "narrowSymbol",
        notation: "compact",
      }).format(Number(value.amount))
    : unknown;
}

/** Tells whether GitHub has billed an amount or it is an estimate. */
export function marked(value: Money | null): string | null {
  return value && (value.estimated ? "estimated" : "billed");
}

/** Tells the same of all amounts in a table: "billed", "estimated", or both. */
export function markedAll(values: (Money | null)[]): string {
  return [...new Set(values.flatMap((value) => marked(value) ?? []))].sort().join(" and ");
}

/** Tells the same of the worth of credits. The pool includes a part of them. */
export function markedWorth(values: (Money | null)[]): string {
  return markedAll(values).replace("billed", "included and billed");
}

export function amount(value: Money | null | undefined): number | null {
  return value ? Number(value.amount) : null;
}

/** Returns "1 seat" or "3 seats". The caller gives the plural if it is not the singular and an s. */
export function some(n: number, one: string, many = `${one}s`): string {
  return `${whole.format(n)} ${plural.select(n) === "one" ? one : many}`;
}

/** Returns "109 people", or "– people" if the number is unknown. */
export function people(n: number | null): string {
  return n === null ? `${unknown} people` : some(n, "person", "people");
}

/** Returns a duration: "95 min", from two hours on "14.5 h", and from two days on "3 days". */
export function duration(minutes: number): string {
  if (minutes < 120) return `${whole.format(minutes)} min`;
  return minutes < 48 * 60 ? `${tenths.format(minutes / 60)} h` : `${tenths.format(minutes / 1440)} days`;
}

const dayMonth = new Intl.DateTimeFormat(locale, {day: "numeric", month: "short", timeZone: "UTC"});
const dayMonthYear = new Intl.DateTimeFormat(locale, {day: "numeric", month: "short", year: "numeric", timeZone: "UTC"});
const weekday = new Intl.DateTimeFormat(locale, {weekday: "short", day: "numeric", month: "short", timeZone: "UTC"});
const minutes = new Intl.DateTimeFormat(locale, {
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
  timeZone: "UTC",
});
const clock = new Intl.DateTimeFormat(locale, {hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "UTC"});
const monthShort = new Intl.DateTimeFormat(locale, {month: "short", timeZone: "UTC"});
const monthYear = new Intl.DateTimeFormat(locale, {month: "long", year: "numeric", timeZone: "UTC"});

export function day(date: string | null | undefined): string {
  return date ? dayMonth.format(new Date(date)) : unknown;
}

export function fullDay(date: string | null | undefined): string {
  return date ? dayMonthYear.format(new Date(date)) : unknown;
}

export function dayOfWeek(date: string): string {
  return weekday.format(new Date(date));
}

export function time(instant: string | Date | null | undefined): string {
  return instant ? minutes.format(new Date(instant)) : unknown;
}

export function timeOfDay(instant: Date): string {
  return clock.format(instant);
}

export function month(name: string): string {
  return monthYear.format(new Date(`${name}-01`));
}

export function shortMonth(date: string): string {
  return monthShort.format(new Date(date));
}

export function range(from: string, to: string): string {
  return `${day(from)} – ${day(to)}`;
}

export function isWeekend(date: string): boolean {
  const n = new Date(date).getUTCDay();
  return n === 0 || n === 6;
}

/** Returns the date n days after another. */
export function plusDays(date: string, n: number): string {
  return new Date(Date.parse(date) + n * 86_400_000).toISOString().slice(0, 10);
}

/** Returns the number of whole days between two instants. */
export function daysBetween(from: string, until: number): number {
  return Math.max(0, Math.floor((until - Date.parse(from)) / 86_400_000));
}

/** Returns the number of days in the month of a date. */
export function daysOfMonth(date: string): number {
  const [year, month] = date.split("-").map(Number);
  return new Date(Date.UTC(year!, month!, 0)).getUTCDate();
}

export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

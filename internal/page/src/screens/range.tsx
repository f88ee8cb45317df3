// The range of days that a tab shows. The address names it, so a person can send a view to somebody.
import type {ComponentChildren} from "preact";
import type {Connector, Day} from "../api/names.ts";
import {hrefOf, type Tab} from "../route.ts";
import * as format from "../format.ts";

const lengths = [7, 28, 90] as const;

export interface Range {
  from: string;
  to: string;
}

/** Returns the range in the address. Empty texts mean the last 28 complete days, as in the API. */
export function rangeOf(query: URLSearchParams): Range {
  return {from: query.get("from") ?? "", to: query.get("to") ?? ""};
}

/** Returns the range from the first day to the last. */
export function rangeShown(days: Day[]): Range {
  return {from: days[0]!.date, to: days.at(-1)!.date};
}

/** Returns the parameters of the address for a range. There are none for the last 28 days. */
export function given({from, to}: Range): Record<string, string> {
  return from && to ? {from, to} : {};
}

interface RangePickerProps {
  connector: Connector;
  tab: Tab;
  shown: Range | null;
  query: Record<string, string>; // further parameters that the address keeps
  children: ComponentChildren; // further choices
}

export function RangePicker({connector, tab, shown, query, children}: RangePickerProps) {
  const last = lastDay(connector, shown);
  const go = (range: Range) => {
    if (range.from && range.to && range.from <= range.to) location.hash = hrefOf(connector.id, tab, {...query, ...range});
  };
  const choose = (value: string) => value && go({from: `${value}-01`, to: endOf(value, last)});
  const length = shown ? (Date.parse(shown.to) - Date.parse(shown.from)) / 86_400_000 + 1 : 0;
  return (
    <div class="toolbar" role="group" aria-label="Range of days">
      {lengths.map((n) => (
        <button
          key={n}
          type="button"
          class="choice"
          aria-pressed={shown?.to === last && length === n}
          onClick={() => go({from: format.plusDays(last, 1 - n), to: last})}
        >
          {n} days
        </button>
      ))}
      <label>
        Month <MonthSelect connector={connector} last={last} value={monthShown(shown, last)} onChange={choose} />
      </label>
      <label>
        From{" "}
        <input
          type="date"
          value={shown?.from ?? ""}
          max={last}
          onChange={(e) => shown && go({from: e.currentTarget.value, to: shown.to})}
        />
      </label>
      <label>
        to{" "}
        <input
          type="date"
          value={shown?.to ?? ""}
          max={last}
          onChange={(e) => shown && go({from: shown.from, to: e.currentTarget.value})}
        />
      </label>
      {children}
    </div>
  );
}

/** Returns the last complete day: the end of the shown range, or the day before the last poll if that is later. */
function lastDay(connector: Connector, shown: Range | null): string {
  const changed = format.plusDays((connector.lastPoll?.at ?? connector.updatedAt).slice(0, 10), -1);
  return shown && shown.to > changed ? shown.to : changed;
}

function monthShown(shown: Range | null, last: string): string {
  const name = shown?.from.slice(0, 7) ?? "";
  return shown && shown.from === `${name}-01` && shown.to === endOf(name, last) ? name : "";
}

function endOf(month: string, last: string): string {
  const end = `${month}-${format.daysOfMonth(month)}`;
  return end > last ? last : end;
}

export function months(connector: Connector, last: string): string[] {
  const list: string[] = [];
  const first = (connector.firstDay ?? last).slice(0, 7);
  for (let at = last.slice(0, 7); at >= first && list.length < 24; at = format.plusDays(`${at}-01`, -1).slice(0, 7))
    list.push(at);
  return list;
}

function MonthSelect({
  connector,
  last,
  value,
  onChange,
}: {
  connector: Connector;
  last: string;
  value: string;
  onChange: (month: string) => void;
}) {
  return (
    <select value={value} onChange={(e) => onChange(e.currentTarget.value)}>
      <option value="">–</option>
      {months(connector, last).map((m) => (
        <option key={m} value={m}>
          {format.month(m)}
        </option>
      ))}
    </select>
  );
}

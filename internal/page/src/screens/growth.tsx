// Active people by week and by month, and their share of the seats.
import {useState} from "preact/hooks";
import type {Connector, Month, Week} from "../api/names.ts";
import {Periods, type Column} from "../charts/periods.tsx";
import * as format from "../format.ts";
import {Loaded, Panel} from "../ui/panel.tsx";
import {useMonths, useWeeks} from "./reads.ts";

export function Growth({connector}: {connector: Connector}) {
  const [by, setBy] = useState<"week" | "month">("week");
  return (
    <Panel
      title="Is adoption growing?"
      of="growth"
      note={
        <span role="group" aria-label="Periods" class="buttons">
          {(["week", "month"] as const).map((name) => (
            <button key={name} type="button" class="choice" aria-pressed={by === name} onClick={() => setBy(name)}>
              By {name}
            </button>
          ))}
        </span>
      }
    >
      {by === "week" ? <Weeks connector={connector} /> : <Months connector={connector} />}
    </Panel>
  );
}

function Weeks({connector}: {connector: Connector}) {
  return (
    <Loaded from={useWeeks(connector)}>
      {(weeks) => <Course periods={weeks} name="week" title={(w) => format.day(w.from)} length={() => 7} />}
    </Loaded>
  );
}

function Months({connector}: {connector: Connector}) {
  return (
    <Loaded from={useMonths(connector)}>
      {(months) => (
        <Course
          periods={months}
          name="month"
          title={(m) => format.shortMonth(m.from)}
          length={(m) => format.daysOfMonth(m.from)}
        />
      )}
    </Loaded>
  );
}

interface CourseProps<P> {
  periods: P[];
  name: "week" | "month";
  title: (period: P) => string;
  length: (period: P) => number;
}

function Course<P extends Week | Month>({periods, name, title, length}: CourseProps<P>) {
  const columns: Column[] = periods.map((p) => ({
    name: title(p),
    whole: p.totals.daysWithData === length(p),
    people: p.totals.activeUsers,
    share: p.activeShareOfSeats,
  }));
  if (columns.every((c) => c.people === null))
    return <p class="empty">People are counted from per-person reports, which are not there for every day of any {name}.</p>;
  return (
    <>
      <p>{verdict(columns, name)}</p>
      <Periods label={`Active people by ${name}`} columns={columns} />
      <p class="small">
        Active people, each counted once a {name}. Hatched: some of its days are missing.{" "}
        {columns.some((c) => c.share !== null)
          ? "Below: the part of the seats whose holders were active."
          : "The share of seats is known after the first list of seats is read."}
      </p>
    </>
  );
}

const noticeable = 0.03;

/** Compares the last two complete periods. */
function verdict(columns: Column[], name: string): string {
  const [before, last] = columns.filter((c) => c.whole && c.people !== null).slice(-2);
  if (!last) return `There are not two whole ${name}s yet to compare.`;
  const growth = before!.people ? last.people! / before!.people - 1 : 0;
  const word = growth > noticeable ? "Growing" : growth < -noticeable ? "Shrinking" : "Steady";
  return `${word}: ${format.people(last.people)} in the ${name} of ${last.name}, ${format.people(before!.people)} in that of ${before!.name} (${format.change(last.people, before!.people) ?? "no comparison"}).`;
}

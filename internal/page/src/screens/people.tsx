// Who does what: each person's numbers over a range.
import {useMemo, useState} from "preact/hooks";
import type {Person} from "../api/names.ts";
import * as format from "../format.ts";
import {useSorted, type Sortable} from "../ui/sorting.ts";
import {Loaded, Panel} from "../ui/panel.tsx";
import {Windowed, type Column} from "../ui/windowed.tsx";
import type {OfConnector} from "./ofconnector.ts";
import {Export} from "./export.tsx";
import {RangePicker, rangeOf} from "./range.tsx";
import {usePeople, type PeopleOf} from "./reads.ts";

export function PeopleTab({connector, query}: OfConnector) {
  const {from, to} = rangeOf(query);
  const people = usePeople(connector, from, to);
  const empty = (p: PeopleOf) => p.people.length > 0 ? null
    : connector.capabilities.users === "denied" ? "The token may not read per-person reports. Health says how to replace it."
    : "Nobody was active in these days, or no per-person report has come yet.";
  return (
    <>
      <RangePicker connector={connector} tab="people" shown={people.value} />
      <Loaded from={people} empty={empty}>
        {(p) => (
          <Panel title={`${format.some(p.people.length, "person", "people")} active, ${format.range(p.from, p.to)}`}
            note={<Export connector={connector} kind="users" query={{from: p.from, to: p.to}} />}>
            <PeopleTable people={p.people} />
          </Panel>
        )}
      </Loaded>
    </>
  );
}

type Key = "login" | "activeDays" | "lastActiveDay" | "suggested" | "accepted" | "acceptanceRate" | "interactions" | "linesAccepted" | "creditsUsed" | "share";

function PeopleTable({people}: {people: Person[]}) {
  const [search, setSearch] = useState("");
  const whole = useMemo(() => people.reduce((sum, p) => sum + (p.creditsUsed ?? 0), 0), [people]);
  const share = (p: Person) => p.creditsShare ?? (whole > 0 && p.creditsUsed !== null ? p.creditsUsed / whole : null);
  const found = useMemo(() => people.filter((p) => p.login.toLowerCase().includes(search.trim().toLowerCase())), [people, search]);
  const valueOf = (p: Person, key: Key): Sortable => (key === "share" ? share(p) : p[key]);
  const {sorted, sort, onSort} = useSorted<Person, Key>(found, {by: "creditsUsed", descending: true}, valueOf);
  const columns: Column<Person, Key>[] = [
    {key: "login", title: "Person", cell: (p) => p.login},
    {key: "activeDays", title: "Active days", numeric: true, cell: (p) => format.count(p.activeDays)},
    {key: "lastActiveDay", title: "Last active", cell: (p) => format.day(p.lastActiveDay)},
    {key: "suggested", title: "Suggested", numeric: true, cell: (p) => format.count(p.suggested)},
    {key: "accepted", title: "Accepted", numeric: true, cell: (p) => format.count(p.accepted)},
    {key: "acceptanceRate", title: "Rate", numeric: true, cell: (p) => format.rate(p.acceptanceRate)},
    {key: "interactions", title: "Requests", numeric: true, cell: (p) => format.count(p.interactions)},
    {key: "linesAccepted", title: "Lines", numeric: true, cell: (p) => format.count(p.linesAccepted)},
    {key: "creditsUsed", title: "Credits", numeric: true, cell: (p) => format.quantity(p.creditsUsed)},
    {key: "share", title: "Share of credits", numeric: true, cell: (p) => <Share value={share(p)} />},
  ];
  return (
    <>
      <div class="toolbar"><label>Search <input type="search" value={search} placeholder="part of a login" onInput={(e) => setSearch(e.currentTarget.value)} /></label> <span role="status" class="small">{format.some(sorted.length, "person", "people")} shown</span></div>
      <Windowed label="People" rows={sorted} columns={columns} rowKey={(p) => String(p.userId)} sort={sort} onSort={onSort} />
    </>
  );
}

function Share({value}: {value: number | null}) {
  return (
    <span class="share">
      <span class="bar"><span class="fill" style={{width: `${(value ?? 0) * 100}%`}} /></span> {format.rate(value)}
    </span>
  );
}

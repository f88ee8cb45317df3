// The numbers of each person over a range, and the phases of adoption.
import {useState} from "preact/hooks";
import {useSettled} from "../api/list.ts";
import type {Connector, Person, Usage, Users} from "../api/names.ts";
import type {Resource} from "../api/resource.ts";
import * as format from "../format.ts";
import {hrefOf} from "../route.ts";
import {Failure, Loaded, Panel} from "../ui/panel.tsx";
import {orderQuery, useOrder} from "../ui/sorting.ts";
import {Windowed, type Column} from "../ui/windowed.tsx";
import type {OfConnector} from "./ofconnector.ts";
import {Phases} from "./adoption.tsx";
import {Export} from "./export.tsx";
import {words} from "./features.tsx";
import {given, RangePicker, rangeOf, rangeShown, type Range} from "./range.tsx";
import {usePeople, useTeams, useUsage} from "./reads.ts";
import {statuses} from "./seats-names.ts";
import {Short} from "./short.tsx";
import {TeamSelect, teamNames} from "./team-select.tsx";

export function PeopleTab({connector, query}: OfConnector) {
  const range = rangeOf(query);
  const team = query.get("team") ?? "";
  const usage = useUsage(connector, range.from, range.to);
  const teams = teamNames(useTeams(connector, range));
  return (
    <>
      <RangePicker
        connector={connector}
        tab="people"
        shown={usage.value && rangeShown(usage.value.days)}
        query={team ? {team} : {}}
      >
        <TeamSelect
          teams={teams}
          team={team}
          onChoose={(name) => {
            location.hash = hrefOf(connector.id, "people", {...given(range), ...(name && {team: name})});
          }}
        />
      </RangePicker>
      <People key={team} connector={connector} range={range} team={team} />
      <Cohorts usage={usage} team={team} />
    </>
  );
}

/** Shows GitHub's phases of adoption. GitHub reports them only for the whole account. */
function Cohorts({usage, team}: {usage: Resource<Usage>; team: string}) {
  return (
    <Loaded from={usage}>
      {({days}) => <Phases days={days} title={team ? "Phases of adoption, all teams" : "Phases of adoption"} />}
    </Loaded>
  );
}

type Key =
  | "login"
  | "activeDays"
  | "lastActiveDay"
  | "suggested"
  | "accepted"
  | "acceptanceRate"
  | "interactions"
  | "linesAccepted"
  | "creditsUsed"
  | "creditsShare";

function People({connector, range, team}: {connector: Connector; range: Range; team: string}) {
  const [search, setSearch] = useState("");
  const {order, onSort} = useOrder<Key>({by: "creditsUsed", descending: true}, ["login"]);
  const part = useSettled(search.trim());
  const people = usePeople(connector, {...range, team, q: part, ...orderQuery(order)});
  const empty = (u: Users) =>
    u.total !== 0 || part !== "" || team !== ""
      ? null
      : connector.capabilities.users === "denied"
        ? "The token may not read per-person reports. Health says how to replace it."
        : "Nobody was active in these days, or no per-person report has come yet.";
  return (
    <Loaded from={people.first} empty={empty}>
      {(u) => (
        <Panel
          title={`${format.people(u.total)} ${part === "" ? "active" : "found"}${team && ` in ${team}`}, ${format.range(u.from, u.to)}`}
          of="people"
          note={
            <Export connector={connector} kind="users" query={{from: u.from, to: u.to, team, q: part, ...orderQuery(order)}} />
          }
        >
          <div class="toolbar">
            <label>
              Search{" "}
              <input
                type="search"
                value={search}
                placeholder="part of a login"
                onInput={(e) => setSearch(e.currentTarget.value)}
              />
            </label>
            <span role="status" class="small">
              {people.busy || part !== search.trim()
                ? "Looking…"
                : `${format.people(u.total)} ${part === "" ? `in all${order.descending ? topShare(u, order.by) : ""}` : "found"}`}
            </span>
          </div>
          <Short people={u.people} />
          {people.problem && <Failure problem={people.problem} again={people.readOn} />}
          <Windowed
            label="People"
            empty="Nobody is like that. Search for less, or choose another team."
            list={people}
            total={u.total}
            columns={columns}
            order={order}
            onSort={onSort}
          />
        </Panel>
      )}
    </Loaded>
  );
}

const columns: Column<Person, Key>[] = [
  {sort: "login", title: "Person", cell: (p) => p.login},
  {sort: "creditsUsed", title: "Credits", numeric: true, cell: (p) => format.quantity(p.creditsUsed)},
  {sort: "creditsShare", title: "Share of credits", numeric: true, cell: (p) => format.rate(p.creditsShare)},
  {
    title: "Seat",
    cell: (p) => p.seatStatus && <span class={`seat-status seat-${p.seatStatus}`}>{statuses[p.seatStatus]}</span>,
  },
  {sort: "activeDays", title: "Active days", numeric: true, cell: (p) => format.count(p.activeDays)},
  {sort: "lastActiveDay", title: "Last active", numeric: true, cell: (p) => format.day(p.lastActiveDay)},
  {sort: "suggested", title: "Suggested", numeric: true, cell: (p) => format.count(p.suggested)},
  {sort: "accepted", title: "Accepted", numeric: true, cell: (p) => format.count(p.accepted)},
  {sort: "acceptanceRate", title: "Rate", numeric: true, cell: (p) => format.rate(p.acceptanceRate)},
  {sort: "interactions", title: "Requests", numeric: true, cell: (p) => format.count(p.interactions)},
  {sort: "linesAccepted", title: "Lines", numeric: true, cell: (p) => format.count(p.linesAccepted)},
  {title: "Uses most", cell: (p) => usesMost(p.features)},
];

/** Tells the share of the ten people with the most credits, if the list starts with them. */
function topShare({users}: Users, by: Key): string {
  const top = users.slice(0, 10);
  const shares = top.map((p) => p.creditsShare).filter((share) => share !== null);
  if (by !== "creditsUsed" || top.length < 10 || shares.length < 10) return "";
  return `; the ten with the most credits use ${format.rate(shares.reduce((sum, share) => sum + share, 0))} of them`;
}

/** Returns the most used feature and the number of others: "chat panel ask mode +4". */
function usesMost(features: Person["features"]): string {
  const [first, ...others] = features ?? [];
  if (!first) return format.unknown;
  return words(first.name) + (others.length > 0 ? ` +${format.count(others.length)}` : "");
}

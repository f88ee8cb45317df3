// The table of seats, in which a person can search, sort and choose.
import {useState} from "preact/hooks";
import type {List} from "../api/list.ts";
import type {Connector, Seat, Seats} from "../api/names.ts";
import * as format from "../format.ts";
import {Failure, Panel} from "../ui/panel.tsx";
import {orderQuery, type Order} from "../ui/sorting.ts";
import {Windowed, type Column} from "../ui/windowed.tsx";
import {hrefOf} from "../route.ts";
import {Export} from "./export.tsx";
import {statuses, statusOf, type Filter} from "./seats-names.ts";
import {Reclaim} from "./seats-reclaim.tsx";
import {TeamSelect} from "./team-select.tsx";

export type Key = "login" | "idleDays" | "monthlyCost" | "lastActiveDay";

/** Returns the idle days. "90+" means at least 90, for a seat without any activity. */
const idleDays = ({idleDays, lastActiveDay, status}: Seat) =>
  format.count(idleDays) + (status === "idle" && lastActiveDay === null && idleDays !== null ? "+" : "");

const columns: Column<Seat, Key>[] = [
  {sort: "login", title: "Person", cell: (s) => s.login ?? "nobody yet"},
  {title: "Status", cell: (s) => <span class={`seat-status seat-${s.status}`}>{statuses[s.status]}</span>},
  {sort: "idleDays", title: "Idle days", numeric: true, cell: idleDays},
  {sort: "monthlyCost", title: "A month", numeric: true, cell: (s) => format.money(s.monthlyCost)},
  {sort: "lastActiveDay", title: "Last active", cell: (s) => format.fullDay(s.lastActiveDay)},
  {title: "Team", cell: (s) => s.team ?? format.unknown},
  {title: "Editor", cell: (s) => s.lastActivityEditor?.split("/")[0] ?? format.unknown},
  {title: "Since", cell: (s) => format.fullDay(s.createdAt)},
];

interface SeatTableProps {
  connector: Connector;
  list: List<Seats, Seat>;
  total: number | null;
  filter: Filter;
  teams: string[];
  team: string;
  search: string;
  onSearch: (part: string) => void;
  order: Order<Key>;
  onSort: (by: Key) => void;
}

export function SeatTable({connector, list, total, filter, teams, team, search, onSearch, order, onSort}: SeatTableProps) {
  const {chosen, toggle, chooseAll, clear} = useChoice(list);
  const shown = list.ended ? list.rows.length : total;
  const choose = (name: string) => {
    location.hash = hrefOf(connector.id, "seats", {show: filter, ...(name && {team: name})});
  };
  return (
    <Panel
      of="seatRows"
      title={`${titleOf(filter)}${team && ` given by ${team}`}`}
      note={
        <Export
          connector={connector}
          kind="seats"
          query={{status: statusOf(filter), team, q: search.trim(), ...orderQuery(order)}}
        />
      }
    >
      <div class="toolbar">
        <label>
          Search{" "}
          <input type="search" value={search} placeholder="part of a login" onInput={(e) => onSearch(e.currentTarget.value)} />
        </label>
        <TeamSelect teams={teams} team={team} onChoose={choose} />
        <button type="button" class="secondary" disabled={list.busy} onClick={() => void chooseAll()}>
          Choose all shown
        </button>
        {chosen.size > 0 && (
          <button type="button" class="quiet" onClick={clear}>
            Choose none
          </button>
        )}
        <span role="status" class="small">
          {list.busy
            ? "Looking…"
            : `${shown === null ? "Some seats" : format.some(shown, "seat")} shown, ${format.count(chosen.size)} chosen`}
        </span>
      </div>
      {list.problem && <Failure problem={list.problem} again={list.readOn} />}
      <Windowed
        label="Seats"
        empty="No seat is like that. Search for less, or choose another tile or team."
        list={list}
        total={total}
        columns={columns}
        order={order}
        onSort={onSort}
        selection={{
          has: (s) => chosen.has(keyOf(s)),
          toggle,
          nameOf: (s) => s.login ?? "seat without a person",
          can: (s) => s.login !== null,
        }}
      />
      <Reclaim connector={connector} chosen={[...chosen.values()]} />
    </Panel>
  );
}

const titleOf = (filter: Filter) =>
  filter === "all" ? "All seats" : filter === "waste" ? "Idle and never used" : statuses[filter];

const keyOf = ({userId, login}: Seat) => String(userId ?? login);

/** Keeps the chosen seats. They stay chosen in another order and another search. */
function useChoice(list: List<Seats, Seat>) {
  const [chosen, setChosen] = useState<ReadonlyMap<string, Seat>>(new Map());
  const toggle = (seat: Seat) =>
    setChosen((now) => {
      const next = new Map(now);
      if (!next.delete(keyOf(seat))) next.set(keyOf(seat), seat);
      return next;
    });
  const chooseAll = async () => {
    const rows = await list.all().catch(() => []); // the table shows the problem
    setChosen((now) => new Map([...now, ...rows.filter((s) => s.login !== null).map((s) => [keyOf(s), s] as const)]));
  };
  return {chosen, toggle, chooseAll, clear: () => setChosen(new Map())};
}

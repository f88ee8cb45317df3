// Who holds a seat, who does not use it, and what that costs.
import {useState} from "preact/hooks";
import {useSettled, type List} from "../api/list.ts";
import type {Connector, Seat, Seats, SeatStatus} from "../api/names.ts";
import * as format from "../format.ts";
import {hrefOf} from "../route.ts";
import {Explanation} from "../ui/figure.tsx";
import {Failure, Loaded, Panel} from "../ui/panel.tsx";
import {orderQuery, useOrder, type Order} from "../ui/sorting.ts";
import {Windowed, type Column} from "../ui/windowed.tsx";
import type {OfConnector} from "./ofconnector.ts";
import {Export} from "./export.tsx";
import {useSeats} from "./reads.ts";
import {IdleSlider} from "./seats-idle.tsx";
import {Reclaim} from "./seats-reclaim.tsx";

const statuses: Record<SeatStatus, string> = {
  active: "Active", new: "New", idle: "Idle", never_used: "Never used", pending_cancellation: "Leaving", unknown: "Unknown",
};

type Filter = SeatStatus | "all" | "waste";

/** Idle money is that of these two. */
const waste = ["idle", "never_used"] as const;

export function SeatsTab({connector, query, reload}: OfConnector) {
  const filter = (query.get("show") ?? "all") as Filter;
  const [search, setSearch] = useState("");
  const {order, onSort} = useOrder<Key>({by: "idleDays", descending: true}, ["login"]);
  const list = useSeats(connector, filter === "all" ? [""] : filter === "waste" ? waste : [filter], {q: useSettled(search.trim()), ...orderQuery(order)});
  return (
    <Loaded from={list.first} empty={(s) => (s.total === 0 ? "The account has no seats." : null)}>
      {(s) => (
        <>
          <Tiles connector={connector} seats={s} filter={filter} />
          <IdleSlider connector={connector} seats={s} onSaved={reload} />
          <SeatTable key={filter} connector={connector} list={list} filter={filter} search={search} onSearch={setSearch} order={order} onSort={onSort}
            total={search.trim() === "" ? shownOf(s, filter) : null} />
        </>
      )}
    </Loaded>
  );
}

function shownOf(seats: Seats, filter: Filter): number | null {
  const {idle, neverUsed} = seats;
  switch (filter) {
    case "all":
      return seats.total;
    case "waste":
      return idle.count === null || neverUsed.count === null ? null : idle.count + neverUsed.count;
    case "never_used":
      return neverUsed.count;
    case "pending_cancellation":
      return seats.pendingCancellation.count;
    default:
      return seats[filter].count;
  }
}

function Tiles({connector, seats, filter}: {connector: Connector; seats: Seats; filter: Filter}) {
  const tile = (filter: SeatStatus, {count, monthlyCost}: Seats["idle"], detail = `${format.money(monthlyCost)} a month`) => ({filter, title: statuses[filter], count, detail});
  const rare = [tile("new", seats.new, `given less than ${format.some(seats.idleAfterDays, "day")} ago`), tile("unknown", seats.unknown, "not heard of, and too old to tell")];
  const tiles: {filter: Filter; title: string; count: number | null; detail: string}[] = [
    {filter: "all", title: "Seats", count: seats.total, detail: `${format.money(seats.monthlyCost)} a month`},
    tile("idle", seats.idle),
    tile("never_used", seats.neverUsed),
    tile("active", seats.active),
    tile("pending_cancellation", seats.pendingCancellation, "billed until they end"),
    ...rare.filter((t) => t.count !== 0),
  ];
  return (
    <>
      <ul class="tiles" aria-label="Seats by status">
        {tiles.map((t) => (
          <li key={t.filter}>
            <a class={`tile ${t.filter === "idle" || t.filter === "never_used" ? "tile-waste" : ""}`} data-tile={t.filter} href={hrefOf(connector.id, "seats", {show: t.filter})}
              {...(t.filter === filter && {"aria-current": "true" as const})}>
              <span class="label">{t.title}</span> <strong>{format.count(t.count)}</strong> <span class="small">{t.detail}</span>
            </a>
          </li>
        ))}
      </ul>
      <Explanation of="idleSeatCost" label="Idle seats" state={`As of ${format.time(seats.asOf)}; a seat is idle after ${format.some(seats.idleAfterDays, "day")}${seats.monthlyCost?.estimated ? "; prices are estimated" : ""}.`} />
      {seats.basis === "seats_only" && <p class="stale">Judged by the seat list alone: the per-person reports cannot be read.</p>}
      {!!seats.notListed && <p class="stale">GitHub counts {format.some(seats.notListed, "seat")} more than it lists.</p>}
    </>
  );
}

type Key = "login" | "idleDays" | "monthlyCost" | "lastActiveDay";

const columns: Column<Seat, Key>[] = [
  {sort: "login", title: "Person", cell: (s) => s.login ?? "nobody yet"},
  {title: "Status", cell: (s) => <span class={`seat-status seat-${s.status}`}>{statuses[s.status]}</span>},
  {sort: "idleDays", title: "Idle days", numeric: true, cell: (s) => format.count(s.idleDays)},
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
  search: string;
  onSearch: (part: string) => void;
  order: Order<Key>;
  onSort: (by: Key) => void;
}

function SeatTable({connector, list, total, filter, search, onSearch, order, onSort}: SeatTableProps) {
  const {chosen, toggle, chooseAll, clear} = useChoice(list);
  const shown = list.ended ? list.rows.length : total;
  return (
    <Panel title={filter === "all" ? "All seats" : filter === "waste" ? "Idle and never used" : statuses[filter] ?? "Seats"} note={<Export connector={connector} kind="seats" title="All as CSV" query={{}} />}>
      <div class="toolbar">
        <label>Search <input type="search" value={search} placeholder="part of a login" onInput={(e) => onSearch(e.currentTarget.value)} /></label>
        <button type="button" class="secondary" onClick={() => void chooseAll()}>Choose all shown</button>
        {chosen.size > 0 && <button type="button" class="quiet" onClick={clear}>Choose none</button>}
        <span role="status" class="small">{list.busy ? "Looking…" : `${shown === null ? "Some seats" : format.some(shown, "seat")} shown, ${format.count(chosen.size)} chosen`}</span>
      </div>
      {list.problem && <Failure problem={list.problem} again={list.readOn} />}
      <Windowed label="Seats" list={list} total={total} columns={columns} rowKey={keyOf} order={order} onSort={onSort}
        selection={{has: (s) => chosen.has(keyOf(s)), toggle, nameOf: (s) => s.login ?? "seat without a person", can: (s) => s.login !== null}} />
      <Reclaim connector={connector} chosen={[...chosen.values()]} />
    </Panel>
  );
}

const keyOf = (seat: Seat, index = 0) => (seat.userId === null ? `nobody ${index}` : String(seat.userId));

/** Which seats are chosen. It outlasts another order and another search. */
function useChoice(list: List<Seats, Seat>) {
  const [chosen, setChosen] = useState<ReadonlyMap<string, Seat>>(new Map());
  const toggle = (seat: Seat) => setChosen((now) => {
    const next = new Map(now);
    if (!next.delete(keyOf(seat))) next.set(keyOf(seat), seat);
    return next;
  });
  const chooseAll = async () => {
    const rows = await list.all().catch(() => []); // what keeps the list from being read is shown above it
    setChosen((now) => new Map([...now, ...rows.filter((s) => s.login !== null).map((s) => [keyOf(s), s] as const)]));
  };
  return {chosen, toggle, chooseAll, clear: () => setChosen(new Map())};
}

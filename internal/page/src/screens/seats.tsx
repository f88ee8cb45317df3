// Who holds a seat, who does not use it, and what that costs.
import {useMemo, useState} from "preact/hooks";
import type {Connector, Seat, Seats, SeatStatus} from "../api/names.ts";
import * as format from "../format.ts";
import {hrefOf} from "../route.ts";
import {Explanation} from "../ui/figure.tsx";
import {Loaded, Panel} from "../ui/panel.tsx";
import {useSorted, type Sortable} from "../ui/sorting.ts";
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

export function SeatsTab({connector, query, reload}: OfConnector) {
  const seats = useSeats(connector);
  const filter = (query.get("show") ?? "all") as Filter;
  return (
    <Loaded from={seats} empty={(s) => (s.total === 0 ? "The account has no seats." : null)}>
      {(s) => (
        <>
          <Tiles connector={connector} seats={s} filter={filter} />
          <IdleSlider connector={connector} seats={s} onSaved={reload} />
          <SeatTable key={filter} connector={connector} seats={s} filter={filter} />
        </>
      )}
    </Loaded>
  );
}

/** Idle money is that of these two. */
const isWaste = (seat: Seat) => seat.status === "idle" || seat.status === "never_used";

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

type Key = "login" | "status" | "team" | "lastActiveDay" | "idleDays" | "monthlyCost" | "editor" | "createdAt";

function valueOf(s: Seat, key: Key): Sortable {
  switch (key) {
    case "editor":
      return s.lastActivityEditor;
    case "monthlyCost":
      return format.amount(s.monthlyCost);
    default:
      return s[key];
  }
}

function SeatTable({connector, seats, filter}: {connector: Connector; seats: Seats; filter: Filter}) {
  const [search, setSearch] = useState("");
  const [chosen, setChosen] = useState<ReadonlySet<Seat>>(new Set());
  const shown = useMemo(() => {
    const part = search.trim().toLowerCase();
    return seats.seats.filter((s) => (filter === "all" || (filter === "waste" ? isWaste(s) : s.status === filter)) && (s.login ?? "").toLowerCase().includes(part));
  }, [seats, filter, search]);
  const {sorted, sort, onSort} = useSorted<Seat, Key>(shown, {by: "idleDays", descending: true}, valueOf);
  const columns: Column<Seat, Key>[] = [
    {key: "login", title: "Person", cell: (s) => s.login ?? "nobody yet"},
    {key: "status", title: "Status", cell: (s) => <span class={`seat-status seat-${s.status}`}>{statuses[s.status]}</span>},
    {key: "idleDays", title: "Idle days", numeric: true, cell: (s) => format.count(s.idleDays)},
    {key: "monthlyCost", title: "A month", numeric: true, cell: (s) => format.money(s.monthlyCost)},
    {key: "lastActiveDay", title: "Last active", cell: (s) => format.fullDay(s.lastActiveDay)},
    {key: "team", title: "Team", cell: (s) => s.team ?? format.unknown},
    {key: "editor", title: "Editor", cell: (s) => s.lastActivityEditor?.split("/")[0] ?? format.unknown},
    {key: "createdAt", title: "Since", cell: (s) => format.fullDay(s.createdAt)},
  ];
  const toggle = (s: Seat) => setChosen((now) => {
    const next = new Set(now);
    if (!next.delete(s)) next.add(s);
    return next;
  });
  const choosable = sorted.filter((s) => s.login !== null);
  return (
    <Panel title={filter === "all" ? "All seats" : filter === "waste" ? "Idle and never used" : statuses[filter] ?? "Seats"} note={<Export connector={connector} kind="seats" title="All as CSV" query={{}} />}>
      <div class="toolbar">
        <label>Search <input type="search" value={search} placeholder="part of a login" onInput={(e) => setSearch(e.currentTarget.value)} /></label>
        <button type="button" class="quiet" onClick={() => setChosen(new Set(chosen.size === choosable.length ? [] : choosable))}>{chosen.size > 0 && chosen.size === choosable.length ? "Choose none" : "Choose all shown"}</button>
        <span role="status" class="small">{format.some(sorted.length, "seat")} shown, {format.count(chosen.size)} chosen</span>
      </div>
      <Windowed label="Seats" rows={sorted} columns={columns} rowKey={(s, i) => `${s.userId ?? `none ${i}`}`} sort={sort} onSort={onSort}
        selection={{has: (s) => chosen.has(s), toggle, nameOf: (s) => s.login ?? "seat without a person", can: (s) => s.login !== null}} />
      <Reclaim connector={connector} chosen={sorted.filter((s) => chosen.has(s))} />
    </Panel>
  );
}

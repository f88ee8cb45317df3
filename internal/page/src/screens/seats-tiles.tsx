// The number and the cost of seats by status. A click on a tile lists its seats.
import type {Connector, Seats, SeatStatus} from "../api/names.ts";
import * as format from "../format.ts";
import {hrefOf} from "../route.ts";
import {Explanation} from "../ui/figure.tsx";
import {statuses, type Filter} from "./seats-names.ts";

interface TilesProps {
  connector: Connector;
  seats: Seats;
  filter: Filter;
  team: string;
}

export function Tiles({connector, seats, filter, team}: TilesProps) {
  const tile = (filter: SeatStatus, {count, monthlyCost}: Seats["idle"], detail = `${format.money(monthlyCost)} a month`) => ({
    filter,
    title: statuses[filter],
    count,
    detail,
  });
  const rare = [
    tile("new", seats.new, `given less than ${format.some(seats.idleAfterDays, "day")} ago`),
    tile("unknown", seats.unknown, "not heard of, and too old to tell"),
  ];
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
            <a
              class={`tile ${t.filter === "idle" || t.filter === "never_used" ? "tile-waste" : ""}`}
              data-tile={t.filter}
              href={hrefOf(connector.id, "seats", {show: t.filter, ...(team && {team})})}
              {...(t.filter === filter && {"aria-current": "true" as const})}
            >
              <span class="label">{t.title}</span> <strong>{format.count(t.count)}</strong> <span class="small">{t.detail}</span>
            </a>
          </li>
        ))}
      </ul>
      <Explanation
        of="idleSeatCost"
        label="Idle seats"
        state={`As of ${format.time(seats.asOf)}; a seat is idle after ${format.some(seats.idleAfterDays, "day")}${seats.monthlyCost?.estimated ? "; prices are estimated" : ""}.`}
      />
      {seats.basis === "seats_only" && <p class="stale">Judged by the seat list alone: the per-person reports cannot be read.</p>}
      {!!seats.notListed && <p class="stale">GitHub counts {format.some(seats.notListed, "seat")} more than it lists.</p>}
    </>
  );
}

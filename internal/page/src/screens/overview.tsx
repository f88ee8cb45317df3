// The answer at a glance: the money first, then the pool, what to do next, and whether people use it.
import type {Connector, Cost, Usage} from "../api/names.ts";
import {Burn} from "../charts/burn.tsx";
import * as format from "../format.ts";
import {hrefOf} from "../route.ts";
import {Explanation, Figure} from "../ui/figure.tsx";
import {Loaded, Panel} from "../ui/panel.tsx";
import type {OfConnector} from "./ofconnector.ts";
import {DoNext} from "./do-next.tsx";
import {Headline, People} from "./proof.tsx";
import {useCost, useUsage} from "./reads.ts";

export function Overview({connector}: OfConnector) {
  const cost = useCost(connector);
  const usage = useUsage(connector);
  return (
    <>
      <Loaded from={cost}>{(c) => <Money connector={connector} cost={c} />}</Loaded>
      <div class="main-and-side">
        <Panel title="AI credits against the pool" note={cost.value && <PoolNote cost={cost.value} />}>
          <Loaded from={cost}>{(c) => <Pool connector={connector} cost={c} />}</Loaded>
          <Explanation of="pool" label="AI credits against the pool" />
        </Panel>
        <Panel title="Do next"><DoNext connector={connector} cost={cost} /></Panel>
      </div>
      <Loaded from={usage} empty={nothingRead}>
        {(u) => (
          <>
            <h2 class="section">{format.range(u.days[0]!.date, u.days.at(-1)!.date)}</h2>
            <Headline days={u.days} totals={u.totals} />
            <People days={u.days} note={<a href={hrefOf(connector.id, "usage")}>more</a>} />
          </>
        )}
      </Loaded>
    </>
  );
}

export function nothingRead(usage: Usage): string | null {
  return usage.totals.daysWithData === 0 ? "No day of this range has been read yet. GitHub's reports come within two days after a day has ended." : null;
}

function Money({connector, cost}: {connector: Connector; cost: Cost}) {
  const days = format.range(cost.from, cost.to);
  const {credits, reasons} = cost;
  const poolShare = credits.used !== null && credits.included ? credits.used / credits.included : null;
  const idle = format.amount(cost.idleSeatCost);
  return (
    <div class="figures figures-lead">
      <Figure of="totalSpend" label={`Spend in ${format.month(cost.month)}`} value={format.money(cost.totalSpend)} size="lead"
        beside={format.marked(cost.totalSpend)}
        detail={cost.totalSpend ? `${days}${ending(cost)}` : reasons["totalSpend"] ?? reasons["seatCost"] ?? "Not known yet."} state={seatState(cost)} />
      <Figure of="idleSeatCost" label="Idle seats" value={format.money(cost.idleSeatCost)} size="lead" tone={idle ? "warn" : "plain"} beside="a month"
        detail={cost.idleSeatCost ? <a href={hrefOf(connector.id, "seats", {show: "waste"})}>{idle ? "See who holds them" : "Nobody's seat is idle"}</a> : reasons["idleSeatCost"] ?? "Not known yet."}
        state={seatState(cost)} />
      <Figure of="costPerActiveDeveloper" label="Per active developer" value={format.money(cost.costPerActiveDeveloper)}
        detail={cost.costPerActiveDeveloper ? `${format.count(cost.activeDevelopers)} people, ${days}` : reasons["costPerActiveDeveloper"] ?? reasons["activeDevelopers"] ?? "Not known yet."}
        state={`Over ${days}.`} />
      <Figure of="pool" label="Credit pool used" value={format.rate(poolShare)} tone={poolShare !== null && poolShare > 0.8 ? "warn" : "plain"}
        detail={poolShare === null ? reasons["credits.used"] ?? reasons["credits.included"] ?? "Not known yet." : lasting(cost)}
        state={`${format.some(credits.daysWithData, "day")} with data, ${days}.`} />
    </div>
  );
}

/** How the month ends, at the present pace. */
function ending({projected}: Cost): string {
  return projected?.totalSpend ? ` · → ${format.money(projected.totalSpend)} by the month's end` : "";
}

function seatState({seatsAsOf}: Cost): string {
  return seatsAsOf ? `Seats as of ${format.fullDay(seatsAsOf)}.` : "No list of seats has been read.";
}

/** How long the pool lasts at the present pace. */
function lasting({credits, projected}: Cost): string {
  if (!projected || projected.creditsUsed === null || credits.included === null) return "";
  return projected.creditsUsed > credits.included ? "it ends before the month does, at this pace" : "lasts the month at this pace";
}

function PoolNote({cost}: {cost: Cost}) {
  const {used, included} = cost.credits;
  return <>{format.quantity(used)} of {format.count(included)} credits used</>;
}

/** The days of the month, cumulated. Behind a day without a report nothing more can be told. */
function Pool({connector, cost}: {connector: Connector; cost: Cost}) {
  const usage = useUsage(connector, cost.from, lastWhole(cost));
  if (cost.credits.used === null) return <p class="empty">{cost.reasons["credits.used"] ?? "How many credits were used is not known."}</p>;
  return (
    <Loaded from={usage}>
      {(u) => <Burn from={cost.from} daysOfMonth={daysOf(cost.month)} cumulated={cumulated(u)} included={cost.credits.included} projected={cost.projected?.creditsUsed ?? null} />}
    </Loaded>
  );
}

function lastWhole(cost: Cost): string {
  return cost.projected && cost.to > cost.from ? format.plusDays(cost.to, -1) : cost.to;
}

function daysOf(month: string): number {
  const [year, number] = month.split("-").map(Number);
  return new Date(Date.UTC(year!, number!, 0)).getUTCDate();
}

function cumulated(usage: Usage): (number | null)[] {
  let sum = 0;
  return usage.days.map((d) => (d.creditsUsed === null ? null : (sum += d.creditsUsed)));
}

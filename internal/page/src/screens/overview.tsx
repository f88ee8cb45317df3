// The overview: the money first, then the pool, the next things to do, and how much people use Copilot.
import type {Connector, Cost, Usage} from "../api/names.ts";
import {Burn} from "../charts/burn.tsx";
import * as format from "../format.ts";
import {whyUnknown} from "../reasons.ts";
import {hrefOf} from "../route.ts";
import {Explanation, Figure, Stated} from "../ui/figure.tsx";
import {Loaded, Panel} from "../ui/panel.tsx";
import type {OfConnector} from "./ofconnector.ts";
import {ChatModels, Editors} from "./breakdowns.tsx";
import {DoNext} from "./do-next.tsx";
import {Growth} from "./growth.tsx";
import {Headline, stateOf} from "./headline.tsx";
import {PeopleADay} from "./people-a-day.tsx";
import {Questions} from "./questions.tsx";
import {useCompared, useCost} from "./reads.ts";
import {lacksOf, moneyBefore, spend} from "./spend.ts";
import {Yesterday} from "./yesterday.tsx";

export function Overview({connector}: OfConnector) {
  const cost = useCost(connector);
  const usage = useCompared(connector);
  return (
    <>
      <Loaded from={cost}>{(c) => <Money connector={connector} cost={c} />}</Loaded>
      <div class="main-and-side">
        <Panel title="AI credits against the pool" note={cost.value && <PoolNote cost={cost.value} />}>
          <Loaded from={cost}>{(c) => <Pool cost={c} />}</Loaded>
          <Explanation of="pool" label="AI credits against the pool" />
        </Panel>
        <Panel title="Do next">
          <DoNext connector={connector} cost={cost} />
        </Panel>
      </div>
      <Loaded from={usage} empty={nothingRead}>
        {(u) => <Use connector={connector} usage={u} />}
      </Loaded>
      <Questions connector={connector} />
    </>
  );
}

function Use({connector, usage: {days, totals, previous}}: {connector: Connector; usage: Usage}) {
  return (
    <Stated as={stateOf({days, totals})}>
      <h2 class="section">{format.range(days[0]!.date, days.at(-1)!.date)}</h2>
      <Headline days={days} totals={totals} previous={previous} />
      <div class="halves">
        <Growth connector={connector} />
        <Yesterday connector={connector} days={days} />
      </div>
      <PeopleADay days={days} note={<a href={hrefOf(connector.id, "usage")}>more</a>} />
      <div class="halves">
        <Editors totals={totals} />
        <ChatModels totals={totals} />
      </div>
    </Stated>
  );
}

export function nothingRead(usage: Usage): string | null {
  return usage.totals.daysWithData === 0
    ? "No day of this range has been read yet. GitHub's reports come within two days after a day has ended."
    : null;
}

function Money({connector, cost}: {connector: Connector; cost: Cost}) {
  const days = format.range(cost.from, cost.to);
  const {credits, previous} = cost;
  const why = (...figures: string[]) => whyUnknown(connector, cost, ...figures);
  const share = (c: {used: number | null; included: number | null}) =>
    c.used !== null && c.included ? c.used / c.included : null;
  const idle = format.amount(cost.idleSeatCost);
  const spent = spend(cost);
  const before = (figure: "idleSeatCost" | "costPerActiveDeveloper") => moneyBefore(cost, cost[figure], previous?.[figure]);
  return (
    <div class="figures figures-lead">
      <Figure
        of="totalSpend"
        label={`Spend in ${format.month(cost.month)}`}
        value={format.money(spent)}
        size="lead"
        beside={format.marked(spent)}
        before={moneyBefore(cost, spent, previous && spend(previous))}
        detail={spent ? `${days}${ending(cost)}. ${lacksOf(connector, cost) ?? ""}` : why("seatCost", "totalSpend")}
        state={seatState(cost)}
      />
      <Figure
        of="idleSeatCost"
        label="Idle seats"
        value={format.money(cost.idleSeatCost)}
        size="lead"
        tone={idle ? "warn" : "plain"}
        beside="a month"
        before={before("idleSeatCost")}
        detail={
          cost.idleSeatCost ? (
            <a href={hrefOf(connector.id, "seats", {show: "waste"})}>{idle ? "See who holds them" : "Nobody's seat is idle"}</a>
          ) : (
            why("idleSeatCost")
          )
        }
        state={seatState(cost)}
      />
      <Figure
        of="costPerActiveDeveloper"
        label="Per active developer"
        value={format.money(cost.costPerActiveDeveloper)}
        before={before("costPerActiveDeveloper")}
        detail={
          cost.costPerActiveDeveloper
            ? `${format.count(cost.activeDevelopers)} people, ${days}`
            : why("seatCost", "activeDevelopers", "costPerActiveDeveloper")
        }
        state={`Over ${days}.`}
      />
      <Figure
        of="pool"
        label="Credit pool used"
        value={format.rate(share(credits))}
        tone={credits.exhaustedOn ? "warn" : "plain"}
        before={
          previous && share(previous.credits) !== null
            ? {
                days: format.range(previous.from, previous.to),
                value: format.rate(share(previous.credits)),
                change: format.points(share(credits), share(previous.credits)),
              }
            : null
        }
        detail={share(credits) === null ? why("credits.used", "credits.included") : lasting(cost)}
        state={`${format.some(credits.daysWithData, "day")} with data, ${days}.`}
      />
    </div>
  );
}

/** Tells the expected spend at the end of the month. */
function ending({projected}: Cost): string {
  return projected?.totalSpend ? ` · about ${format.money(projected.totalSpend)} by the month's end` : "";
}

function seatState({seatsAsOf}: Cost): string {
  return seatsAsOf ? `Seats as of ${format.fullDay(seatsAsOf)}.` : "No list of seats has been read.";
}

/** Tells how long the pool lasts at the present pace. */
function lasting({credits, projected}: Cost): string {
  const {exhaustedOn, daily} = credits;
  if (exhaustedOn === null) return projected ? "Lasts the month at this pace" : "Lasted the month";
  const isOver = daily.some((d) => d.date === exhaustedOn && d.cumulated !== null);
  return isOver
    ? `Used up since ${format.day(exhaustedOn)}: more is billed`
    : `Ends on ${format.day(exhaustedOn)} at this pace: more is billed`;
}

function PoolNote({cost}: {cost: Cost}) {
  const {used, included} = cost.credits;
  if (used === null) return <>{included === null ? "" : `${format.count(included)} credits included`}</>;
  return (
    <>
      {included === null
        ? `${format.quantity(used)} credits used`
        : `${format.quantity(used)} of ${format.count(included)} credits used`}
    </>
  );
}

/** Draws the credits of the month, added up day by day. The line ends before the first day that is unknown. */
function Pool({cost: {from, credits, projected, reasons}}: {cost: Cost}) {
  if (credits.used === null) return <p class="empty">{reasons["credits.used"] ?? "How many credits were used is not known."}</p>;
  return (
    <Burn
      from={from}
      cumulated={credits.daily.map((d) => d.cumulated)}
      included={credits.included}
      projected={projected?.creditsUsed ?? null}
      exhaustedOn={credits.exhaustedOn}
    />
  );
}

// The cost of a month and its parts.
import type {Connector, Cost} from "../api/names.ts";
import {Waterfall} from "../charts/waterfall.tsx";
import * as format from "../format.ts";
import {whyUnknown} from "../reasons.ts";
import {hrefOf} from "../route.ts";
import {Figure, Stated} from "../ui/figure.tsx";
import {Loaded, Panel} from "../ui/panel.tsx";
import type {OfConnector} from "./ofconnector.ts";
import {Budgets, CostCenters, Organizations} from "./cost-enterprise.tsx";
import {Models, Reasons, Skus, Teams, Tiers} from "./cost-splits.tsx";
import {Export} from "./export.tsx";
import {months} from "./range.tsx";
import {useCost} from "./reads.ts";
import {lacksOf, moneyBefore, spend} from "./spend.ts";

export function CostTab({connector, query}: OfConnector) {
  const month = query.get("month") ?? "";
  const cost = useCost(connector, month);
  const newest = (connector.lastPoll?.at ?? connector.updatedAt).slice(0, 10);
  const choose = (m: string) => {
    location.hash = hrefOf(connector.id, "cost", {month: m});
  };
  return (
    <>
      <div class="toolbar">
        <label>
          Month{" "}
          <select value={cost.value?.month ?? month} onChange={(e) => choose(e.currentTarget.value)}>
            {months(connector, newest).map((m) => (
              <option key={m} value={m}>
                {format.month(m)}
              </option>
            ))}
          </select>
        </label>
        {cost.value && (
          <>
            <Export connector={connector} kind="cost" query={{month: cost.value.month}} />
            <Export connector={connector} kind="cost" format="focus" title="Save as FOCUS" query={{month: cost.value.month}} />
          </>
        )}
        <button type="button" class="quiet" onClick={() => print()}>
          Print
        </button>
      </div>
      <Loaded from={cost}>
        {(c) => (
          <Stated as={stateOf(c)}>
            <Month connector={connector} cost={c} />
          </Stated>
        )}
      </Loaded>
    </>
  );
}

/** Tells the days of a month's figures, and when the seats and the bill were read. */
function stateOf({from, to, seatsAsOf, credits}: Cost): string {
  const seats = seatsAsOf ? `Seats as of ${format.fullDay(seatsAsOf)}.` : "No list of seats has been read.";
  const bill = credits.billedAsOf ? `Bill read ${format.time(credits.billedAsOf)}.` : "No bill was read.";
  return `${format.range(from, to)}: ${format.some(credits.daysWithData, "day")} with data. ${seats} ${bill}`;
}

function Month({connector, cost}: {connector: Connector; cost: Cost}) {
  const {credits, previous, projected} = cost;
  const days = format.range(cost.from, cost.to);
  const spent = spend(cost);
  const why = (...figures: string[]) => whyUnknown(connector, cost, ...figures);
  const seats = format.amount(cost.seatCost);
  const billed = {value: credits.billed, from: seats ?? 0};
  return (
    <>
      <div class="figures figures-lead">
        <Figure
          of="totalSpend"
          size="lead"
          label={format.month(cost.month)}
          before={moneyBefore(cost, spent, previous && spend(previous))}
          value={format.money(spent)}
          beside={format.marked(spent)}
          detail={spent ? `${days}. ${lacksOf(connector, cost) ?? ""}` : why("seatCost", "totalSpend")}
        />
        <Figure
          of="seatCost"
          label="Seats"
          before={moneyBefore(cost, cost.seatCost, previous?.seatCost)}
          value={format.money(cost.seatCost)}
          beside={format.marked(cost.seatCost)}
          detail={cost.seatCost ? `Seats as of ${format.day(cost.seatsAsOf)}` : why("seatCost")}
        />
        <Figure
          of="billed"
          label="Credits beyond the pool"
          before={moneyBefore(cost, credits.billed, previous?.credits.billed)}
          value={format.money(credits.billed)}
          beside={format.marked(credits.billed)}
          detail={
            credits.billed
              ? (cost.reasons["credits.billed"] ?? `Bill read ${format.time(credits.billedAsOf)}`)
              : why("credits.billed")
          }
        />
        <Figure
          of="creditsUsed"
          label="AI credits used"
          value={format.quantity(credits.used)}
          beside={credits.included === null ? null : `of ${format.count(credits.included)} included`}
          detail={
            credits.used === null
              ? why("credits.used")
              : `worth ${format.money(credits.grossValue)}${credits.grossValue?.estimated ? ", estimated" : ""}`
          }
        />
        {projected && (
          <Figure
            of="projected"
            label="By the month's end"
            value={format.money(projected.totalSpend)}
            beside={format.marked(projected.totalSpend)}
            detail={
              projected.totalSpend
                ? `${format.quantity(projected.creditsUsed)} credits`
                : why("seatCost", "projected.seatCost", "projected.totalSpend")
            }
            state="At the pace so far."
          />
        )}
      </div>
      <Panel title="How it adds up" of="totalSpend" note="seats + beyond the pool = total">
        {cost.seatCost === null && credits.billed === null ? (
          <p class="empty">Neither what the seats cost nor what is billed is known, so there is nothing to add up.</p>
        ) : (
          <Waterfall
            steps={[
              {name: "Seats", from: 0, value: cost.seatCost, kind: "part"},
              {name: "Beyond the pool", ...billed, kind: "part"},
              {name: "So far", from: 0, value: spent, kind: "total"},
              ...(projected ? [{name: "Month's end", from: 0, value: projected.totalSpend, kind: "projected" as const}] : []),
            ]}
          />
        )}
      </Panel>
      <div class="thirds">
        {cost.byOrganization && <Organizations rows={cost.byOrganization} />}
        {cost.byCostCenter && <CostCenters rows={cost.byCostCenter} />}
        <Panel title="By team" of="byTeam" note={format.markedAll(cost.byTeam.map((r) => r.totalSpend))}>
          <Teams cost={cost} />
        </Panel>
        <Panel title="By tier of model" of="byModel" note={format.markedWorth(cost.byModel.tiers.map((r) => r.grossValue))}>
          <Tiers cost={cost} />
        </Panel>
        <Panel title="By model" of="byModel" note={format.markedWorth(cost.byModel.rows.map((r) => r.grossValue))}>
          <Models cost={cost} />
        </Panel>
        <Panel title="By SKU" of="bySku" note={format.markedWorth((cost.bySku ?? []).map((r) => r.grossValue))}>
          <Skus cost={cost} />
        </Panel>
      </div>
      <Budgets cost={cost} />
      <Panel title="Not known">
        <Reasons cost={cost} />
      </Panel>
    </>
  );
}

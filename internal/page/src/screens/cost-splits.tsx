// The spend of a month by team, model and SKU, and the figures that are unknown.
import type {Cost} from "../api/names.ts";
import {Bars} from "../charts/bars.tsx";
import * as format from "../format.ts";
import {spend} from "./spend.ts";

export function Teams({cost}: {cost: Cost}) {
  const rows = cost.byTeam.toSorted((a, b) => (format.amount(b.totalSpend) ?? 0) - (format.amount(a.totalSpend) ?? 0));
  return (
    <Bars
      label="Spend by team"
      n={2}
      columns={["Team", "Spend"]}
      empty="Nothing is known by team."
      rows={rows.map((r) => ({name: r.team ?? "unassigned", value: format.amount(spend(r)), text: format.money(spend(r))}))}
      note="The cost of a person in several teams is divided among them. All teams add up to the whole."
    />
  );
}

type Mix = Pick<Cost["byModel"]["rows"][number], "grossValue" | "interactions" | "share">;

function mixOf(cost: Cost): {value: (r: Mix) => number | null; text: (r: Mix) => string; note: string} {
  return cost.byModel.basis === "interactions"
    ? {
        value: (r) => r.interactions,
        text: (r) => format.count(r.interactions),
        note: "Requests in chat: the bill is not readable.",
      }
    : {
        value: (r) => format.amount(r.grossValue),
        text: (r) => format.money(r.grossValue),
        note: "Worth of the credits by GitHub's bill, those inside the pool included.",
      };
}

export function Tiers({cost}: {cost: Cost}) {
  const {value, text, note} = mixOf(cost);
  return (
    <Bars
      label="By tier of model"
      n={3}
      columns={["Tier", "Worth", "Share"]}
      note={note}
      empty="GitHub names no models for this month."
      rows={cost.byModel.tiers.map((r) => ({name: r.tier, value: value(r), text: text(r), beside: format.rate(r.share)}))}
    />
  );
}

export function Models({cost}: {cost: Cost}) {
  const {value, text, note} = mixOf(cost);
  return (
    <Bars
      label="By model"
      n={0}
      columns={["Model", "Worth", "Share"]}
      note={note}
      empty="GitHub names no models for this month."
      rows={cost.byModel.rows.map((r) => ({name: r.name, value: value(r), text: text(r), beside: format.rate(r.share)}))}
    />
  );
}

export function Skus({cost}: {cost: Cost}) {
  return (
    <Bars
      label="By SKU"
      n={1}
      columns={["SKU", "Worth", "Billed"]}
      empty="There is no bill, or not all of it is known."
      note="Worth of the credits, and what was billed of them."
      rows={(cost.bySku ?? []).map((r) => ({
        name: r.sku,
        value: format.amount(r.grossValue),
        text: format.money(r.grossValue),
        beside: format.money(r.billed),
      }))}
    />
  );
}

/** The titles of figures that may be unknown, by their names in the API. */
const figureNames: Record<string, string> = {
  seatCost: "Seat cost",
  seatsAsOf: "Date of the seats",
  "credits.used": "Credits used",
  "credits.included": "Credits included",
  "credits.grossValue": "Worth of the credits",
  "credits.billed": "Billed credits",
  "credits.billedAsOf": "Date of the bill",
  bySku: "Split by SKU",
  byOrganization: "Split by organization",
  byCostCenter: "Split by cost center",
  budgets: "Budgets",
  totalSpend: "Total spend",
  activeDevelopers: "Active developers",
  costPerActiveDeveloper: "Cost per developer",
  idleSeatCost: "Idle seats",
  projected: "Month's end",
  "projected.creditsUsed": "Credits by the month's end",
  "projected.seatCost": "Seats by the month's end",
  "projected.billed": "Billed by the month's end",
  "projected.totalSpend": "Spend by the month's end",
  cacheHitRate: "Cache hits",
  batchShare: "Batches",
};

/** Shows each reason once, with the figures that are unknown because of it. */
export function Reasons({cost}: {cost: Cost}) {
  const figures = new Map<string, string[]>();
  for (const [name, why] of Object.entries(cost.reasons))
    figures.set(why, [...(figures.get(why) ?? []), figureNames[name] ?? name]);
  if (figures.size === 0) return <p class="empty">Every figure of this month is known.</p>;
  return (
    <dl class="facts">
      {[...figures].map(([why, names]) => (
        <div key={why}>
          <dt>{names.join(", ")}</dt>
          <dd>{why}</dd>
        </div>
      ))}
    </dl>
  );
}

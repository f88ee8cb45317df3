// The spend of an enterprise by organization and cost center, and GitHub's budgets.
import type {Cost} from "../api/names.ts";
import {Bars} from "../charts/bars.tsx";
import * as format from "../format.ts";
import {Panel} from "../ui/panel.tsx";
import {spend} from "./spend.ts";

export function Organizations({rows}: {rows: NonNullable<Cost["byOrganization"]>}) {
  return (
    <Panel title="By organization" of="byOrganization" note={format.markedAll(rows.map((r) => r.totalSpend))}>
      <Bars
        label="Spend by organization"
        n={2}
        columns={["Organization", "Spend", "Billed credits"]}
        note="Spend, and the billed credits in it."
        rows={rows.map((r) => ({
          name: r.organization ?? "cannot be told apart",
          value: format.amount(spend(r)),
          text: format.money(spend(r)),
          beside: format.money(r.creditsBilled),
        }))}
      />
    </Panel>
  );
}

export function CostCenters({rows}: {rows: NonNullable<Cost["byCostCenter"]>}) {
  return (
    <Panel title="By cost center" of="byCostCenter" note={format.markedAll(rows.map((r) => r.creditsBilled))}>
      <Bars
        label="Billed credits by cost center"
        n={1}
        columns={["Cost center", "Billed credits"]}
        rows={rows.map((r) => ({
          name: r.costCenter ?? "no cost center",
          value: format.amount(r.creditsBilled),
          text: format.money(r.creditsBilled),
        }))}
      />
    </Panel>
  );
}

export function Budgets({cost: {budgets, warnings}}: {cost: Cost}) {
  return (
    <Panel title="Budgets on GitHub" of="budgets">
      {warnings.map((text) => (
        <p key={text} class="reason">
          {text}
        </p>
      ))}
      {budgets !== null && budgets.length > 0 && (
        <div class="scroll" tabIndex={0} role="region" aria-label="GitHub's budgets">
          <table class="compact" aria-label="Budgets">
            <thead>
              <tr>
                <th scope="col">Of</th>
                <th scope="col" class="numeric">
                  Spent
                </th>
                <th scope="col" class="numeric">
                  Budget
                </th>
                <th scope="col">At its end</th>
              </tr>
            </thead>
            <tbody>
              {budgets.map((b, i) => (
                <tr key={i}>
                  <th scope="row">
                    {b.name ?? format.unknown} <span class="small">{b.scope.replaceAll("_", " ")}</span>
                  </th>
                  <td class="numeric">{format.money(b.spent)}</td>
                  <td class="numeric">{format.money(b.amount)}</td>
                  <td>{atItsEnd(b)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {budgets === null && <p class="empty">GitHub's budgets cannot be read; why is below, under “Not known”.</p>}
    </Panel>
  );
}

function atItsEnd({stops, alerting}: NonNullable<Cost["budgets"]>[number]): string {
  if (stops === null) return format.unknown;
  return stops ? "use stops" : alerting ? "somebody is told" : "nothing happens";
}

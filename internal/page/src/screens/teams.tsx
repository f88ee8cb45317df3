// The cost of each team in a month: in all, for each person, and compared with the same days of the month before.
import type {Connector, Money, TeamRow, Teams} from "../api/names.ts";
import {Bars} from "../charts/bars.tsx";
import * as format from "../format.ts";
import {hrefOf} from "../route.ts";
import {Failure, Loaded, Panel} from "../ui/panel.tsx";
import type {OfConnector} from "./ofconnector.ts";
import {Export} from "./export.tsx";
import {months, type Range} from "./range.tsx";
import {useTeams} from "./reads.ts";
import {spend} from "./spend.ts";

export function TeamsTab({connector, query}: OfConnector) {
  const newest = (connector.lastPoll?.at ?? connector.updatedAt).slice(0, 10);
  const month = query.get("month") || newest.slice(0, 7);
  const now = daysOf(month, newest);
  const teams = useTeams(connector, now);
  const before = useTeams(connector, daysBefore(now));
  return (
    <>
      <div class="toolbar">
        <label>
          Month{" "}
          <select value={month} onChange={(e) => (location.hash = hrefOf(connector.id, "teams", {month: e.currentTarget.value}))}>
            {months(connector, newest).map((m) => (
              <option key={m} value={m}>
                {format.month(m)}
              </option>
            ))}
          </select>
        </label>
        <Export connector={connector} kind="cost" query={{month, by: "team"}} />
      </div>
      {before.problem && before.value === null && teams.value && <Failure problem={before.problem} again={before.reload} />}
      <Loaded from={teams}>{(t) => <Month connector={connector} teams={t} before={before.value} />}</Loaded>
    </>
  );
}

/** Returns the days of a month, up to the newest day. */
function daysOf(month: string, newest: string): Range {
  const end = `${month}-${format.daysOfMonth(month)}`;
  return {from: `${month}-01`, to: end < newest ? end : newest};
}

/** Returns the same days of the month before, or the whole month if it is shorter. */
function daysBefore({from, to}: Range): Range {
  const month = format.plusDays(from, -1).slice(0, 7);
  const end = `${month}-${format.daysOfMonth(month)}`;
  const same = `${month}-${to.slice(8)}`;
  return {from: `${month}-01`, to: same < end ? same : end};
}

function Month({connector, teams, before}: {connector: Connector; teams: Teams; before: Teams | null}) {
  const rows = teams.teams.toSorted((a, b) => (format.amount(b.totalSpend) ?? 0) - (format.amount(a.totalSpend) ?? 0));
  const shown = [...rows, teams.unassigned];
  const then = new Map((before ? [...before.teams, before.unassigned] : []).map((r) => [r.team, r]));
  return (
    <>
      <Panel
        title={`What each team costs, ${format.range(teams.from, teams.to)}`}
        of="byTeam"
        note={format.markedAll(shown.map((r) => r.totalSpend))}
      >
        <div class="scroll" tabIndex={0} role="region" aria-label="Teams, the dearest first">
          <table aria-label="Teams">
            <thead>
              <tr>
                <th scope="col" class="sticks">
                  Team
                </th>
                {["People", "Active", "Spend", "A person", before ? `${format.range(before.from, before.to)}` : "Before"].map(
                  (title) => (
                    <th key={title} scope="col" class="numeric">
                      {title}
                    </th>
                  ),
                )}
                {["Seats", "Seat cost", "Credits", "Billed", "Idle a month"].map((title) => (
                  <th key={title} scope="col" class="numeric">
                    {title}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {shown.map((r) => (
                <Row key={r.team ?? ""} name={r.team ?? "unassigned"} row={r} before={then.get(r.team)} />
              ))}
              <Row name="all" row={teams.totals} before={before?.totals} />
            </tbody>
          </table>
        </div>
        <p class="small">
          {teams.detail} A person in several teams counts in the people and seats of each. Money and credits are divided, and add
          up to all.
        </p>
      </Panel>
      <div class="halves">
        <Panel title="Spend" of="byTeam">
          <Bars
            label="Spend of teams"
            n={2}
            columns={["Team", "Spend", "A person"]}
            rows={shown.map((r) => ({
              name: r.team ?? "unassigned",
              value: format.amount(spend(r)),
              text: format.money(spend(r)),
              beside: `${format.money(aPerson(r))} a person`,
            }))}
          />
        </Panel>
        <Panel title="People" of="teamPeople">
          <Bars
            label="People of teams"
            n={0}
            columns={["Team", "People", "Active"]}
            rows={shown.map((r) => ({
              name: r.team ?? "unassigned",
              value: r.people,
              text: format.count(r.people),
              beside: `${format.count(r.activeUsers)} active`,
            }))}
          />
        </Panel>
      </div>
      <p class="small">
        <a href={hrefOf(connector.id, "cost", {month: teams.from.slice(0, 7)})}>The month's cost</a> has the same money by other
        parts.
      </p>
    </>
  );
}

/** Returns the cost for each person of a team, or null if it is unknown or the team is empty. */
function aPerson(row: TeamRow): Money | null {
  const spent = spend(row);
  return spent && row.people ? {...spent, amount: (Number(spent.amount) / row.people).toFixed(2)} : null;
}

function Row({name, row, before}: {name: string; row: TeamRow; before: TeamRow | undefined}) {
  const spent = spend(row);
  const earlier = before ? spend(before) : null;
  const change = format.change(format.amount(spent), format.amount(earlier));
  return (
    <tr>
      <th scope="row" class="sticks">
        {name}
      </th>
      <td class="numeric">{format.count(row.people)}</td>
      <td class="numeric">{format.count(row.activeUsers)}</td>
      <td class="numeric">{format.money(spent)}</td>
      <td class="numeric">{format.money(aPerson(row))}</td>
      <td class="numeric">
        {format.money(earlier)} {change && <span class="small">{change}</span>}
      </td>
      <td class="numeric">{format.count(row.seats)}</td>
      <td class="numeric">{format.money(row.seatCost)}</td>
      <td class="numeric">{format.quantity(row.creditsUsed)}</td>
      <td class="numeric">{format.money(row.creditsBilled)}</td>
      <td class="numeric">{format.money(row.idleSeatCost)}</td>
    </tr>
  );
}

// Agents of every vendor, and Copilot's code review: the number of people and of requests.
import type {Day, Totals} from "../api/names.ts";
import {Days} from "../charts/days.tsx";
import * as format from "../format.ts";
import {Panel} from "../ui/panel.tsx";
import {latest} from "./latest.ts";

interface Agent {
  name: string;
  people: {date: string; value: number} | null;
  sessions: number | null;
  requests: number | null;
}

/** Returns a row for each agent. A number that GitHub does not send is null. */
function agentsOf(days: Day[], agents: NonNullable<Totals["agents"]>): Agent[] {
  const {vscode, app, thirdParty} = agents;
  return [
    {
      name: "In VS Code",
      people: latest(days, (d) => d.agents?.vscode?.activeUsers),
      sessions: vscode?.sessions ?? null,
      requests: vscode?.messages ?? null,
    },
    {name: "In the cloud", people: latest(days, (d) => d.agents?.cloud?.activeUsers), sessions: null, requests: null},
    {
      name: "Copilot app",
      people: latest(days, (d) => d.agents?.app?.activeUsers),
      sessions: app?.sessions ?? null,
      requests: app?.requests ?? null,
    },
    ...(thirdParty ?? []).map((t) => ({name: t.name, people: null, sessions: t.sessions, requests: t.interactions})),
  ];
}

export function Agents({days, totals}: {days: Day[]; totals: Totals}) {
  return (
    <Panel title="Agents" of="agents">
      {totals.agents === null ? (
        <p class="empty">GitHub has sent nothing about agents for these days, so nobody knows.</p>
      ) : (
        <AgentTable agents={agentsOf(days, totals.agents)} />
      )}
    </Panel>
  );
}

function AgentTable({agents}: {agents: Agent[]}) {
  const newest = agents
    .flatMap((a) => a.people?.date ?? [])
    .sort()
    .at(-1);
  return (
    <>
      <table class="compact" aria-label="Agents">
        <thead>
          <tr>
            <th scope="col">Agent</th>
            {["People", "Sessions", "Requests"].map((title) => (
              <th key={title} scope="col" class="numeric">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {agents.map((a) => (
            <tr key={a.name}>
              <th scope="row">{a.name}</th>
              <td class="numeric">{format.count(a.people?.value)}</td>
              <td class="numeric">{format.count(a.sessions)}</td>
              <td class="numeric">{format.count(a.requests)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="small">
        {newest && `People of ${format.day(newest)}, or of the last earlier day with data. `}–: GitHub sends no such number.
      </p>
    </>
  );
}

export function CodeReview({days}: {days: Day[]}) {
  return (
    <Panel title="Code review by Copilot" of="codeReview">
      <Days
        label="People with code review by Copilot"
        days={days}
        height={160}
        series={[
          {name: "Asked for it", values: days.map((d) => d.codeReview?.activeUsers ?? null), text: format.count},
          {name: "By a rule", values: days.map((d) => d.codeReview?.passiveUsers ?? null), text: format.count},
        ]}
      />
    </Panel>
  );
}

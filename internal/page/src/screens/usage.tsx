// Usage over a range, compared with the range before.
import type {Connector, Day, Usage} from "../api/names.ts";
import {Bars} from "../charts/bars.tsx";
import {Days, peopleRead} from "../charts/days.tsx";
import * as format from "../format.ts";
import {hrefOf} from "../route.ts";
import {Stated} from "../ui/figure.tsx";
import {Loaded, Panel} from "../ui/panel.tsx";
import type {OfConnector} from "./ofconnector.ts";
import {Phases, Reach} from "./adoption.tsx";
import {Agents, CodeReview} from "./agents.tsx";
import {Breakdowns} from "./breakdowns.tsx";
import {Export} from "./export.tsx";
import {Features, Tools} from "./features.tsx";
import {Growth} from "./growth.tsx";
import {Headline, stateOf, states} from "./headline.tsx";
import {nothingRead} from "./overview.tsx";
import {PeopleADay} from "./people-a-day.tsx";
import {CommentTypes, PullRequests, TimeToMerge} from "./pull-requests.tsx";
import {Questions} from "./questions.tsx";
import {given, RangePicker, rangeOf, rangeShown} from "./range.tsx";
import {useCompared, useTeams} from "./reads.ts";
import {Repositories} from "./repositories.tsx";
import {TeamSelect, teamNames} from "./team-select.tsx";

export function UsageTab({connector, query}: OfConnector) {
  const range = rangeOf(query);
  const team = query.get("team") ?? "";
  const usage = useCompared(connector, range, team);
  const teams = teamNames(useTeams(connector, range));
  const shown = usage.value && rangeShown(usage.value.days);
  return (
    <>
      <RangePicker connector={connector} tab="usage" shown={shown} query={team ? {team} : {}}>
        <TeamSelect
          teams={teams}
          team={team}
          onChoose={(name) => {
            location.hash = hrefOf(connector.id, "usage", {...given(range), ...(name && {team: name})});
          }}
        />
      </RangePicker>
      <Loaded from={usage} empty={nothingRead}>
        {(u) => (
          <Stated as={stateOf(u)}>
            <Core usage={u} team={team} />
            {team ? (
              <p>GitHub reports the rest for the whole account alone. Choose all teams to see it.</p>
            ) : (
              <OfTheWhole connector={connector} usage={u} />
            )}
            <Panel
              title="Day by day"
              of="days"
              note={team === "" && <Export connector={connector} kind="usage" query={{...rangeShown(u.days)}} />}
            >
              <DayTable days={u.days} />
            </Panel>
            <Questions connector={connector} />
          </Stated>
        )}
      </Loaded>
    </>
  );
}

/** Shows the numbers that are known of one team as well as of everybody. */
function Core({usage: {days, totals, previous}, team}: {usage: Usage; team: string}) {
  const {from, to} = rangeShown(days);
  return (
    <>
      <h2 class="section">
        {team && `${team}, `}
        {format.range(from, to)} {previous && <span class="small">against {format.range(previous.from, previous.to)}</span>}
      </h2>
      <Headline days={days} totals={totals} previous={previous} />
      <States days={days} />
      <PeopleADay days={days} />
      <div class="thirds">
        <Panel title="Completions accepted" note="of those suggested" of="acceptanceRate">
          <Days
            label="Completions accepted"
            days={days}
            height={160}
            series={[{name: "Accepted", values: days.map((d) => d.completions?.acceptanceRate ?? null), text: format.rate}]}
          />
        </Panel>
        <Panel title="Chats a day" of="chats">
          <Days
            label="Chats a day"
            days={days}
            height={160}
            series={[{name: "Chats", values: days.map((d) => d.chat?.interactions ?? null), text: format.count}]}
          />
        </Panel>
        <Panel title="AI credits a day" of="creditsUsed">
          <Days
            label="AI credits a day"
            days={days}
            height={160}
            series={[{name: "Credits", values: days.map((d) => d.creditsUsed), text: format.quantity}]}
          />
        </Panel>
      </div>
    </>
  );
}

/** Shows the numbers that GitHub reports only for the whole account. */
function OfTheWhole({connector, usage}: {connector: Connector; usage: Usage}) {
  const {days, totals} = usage;
  return (
    <>
      <Growth connector={connector} />
      <Breakdowns totals={totals} />
      <h2 class="section">Agents, tools and reviews</h2>
      <div class="halves">
        <Agents days={days} totals={totals} />
        <Features features={totals.features} />
        <Tools tools={totals.tools} />
        <CommandLine usage={usage} />
      </div>
      <div class="halves">
        <PullRequests pulls={totals.pullRequests} />
        <div>
          <CodeReview days={days} />
          <TimeToMerge days={days} />
          <CommentTypes pulls={totals.pullRequests} />
        </div>
      </div>
      <Repositories connector={connector} range={rangeShown(days)} />
      <div class="halves">
        <Reach days={days} />
        <Phases days={days} />
      </div>
    </>
  );
}

function States({days}: {days: Day[]}) {
  const restated = days.filter((d) => d.revision > 1);
  return (
    <Panel title="What GitHub may still change" note={states(days)}>
      <ol class="strip" aria-label="State of each day">
        {days.map((d) => (
          <li
            key={d.date}
            class={`day day-${d.state}`}
            title={`${format.dayOfWeek(d.date)}: ${d.state}${d.revision > 1 ? `, restated ${format.some(d.revision - 1, "time")}` : ""}${d.people ? `, ${peopleRead(d.people)}` : ""}`}
          >
            <span class="hidden">
              {format.day(d.date)} {d.state}
              {d.people && `, ${peopleRead(d.people)}`}
            </span>
            {d.revision > 1 && <span aria-hidden="true">↻</span>}
            {d.people && <span aria-hidden="true">!</span>}
          </li>
        ))}
      </ol>
      <p class="small">
        {restated.length === 0
          ? "GitHub has restated none of these days."
          : `GitHub has restated ${format.some(restated.length, "day")} (↻), the last on ${format.time(
              restated
                .map((d) => d.fetchedAt!)
                .sort()
                .at(-1),
            )}.`}{" "}
        A provisional day settles four full days after it has ended.
        {days.some((d) => d.people) && " !: GitHub's per-person report names fewer people than were active."}
      </p>
    </Panel>
  );
}

function CommandLine({usage}: {usage: Usage}) {
  const cli = usage.totals.cli;
  return (
    <Panel title="Command line" of="cli">
      <Bars
        label="Command line"
        n={2}
        columns={["What", "Number"]}
        empty="GitHub reports nothing of the command line for these days."
        rows={
          cli === null
            ? []
            : [
                {name: "sessions", value: cli.sessions, text: format.count(cli.sessions)},
                {name: "requests", value: cli.requests, text: format.count(cli.requests)},
              ]
        }
        note={cli && `${format.count(cli.promptTokens)} prompt and ${format.count(cli.outputTokens)} output tokens.`}
      />
    </Panel>
  );
}

function DayTable({days}: {days: Day[]}) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Days, newest first">
      <table>
        <thead>
          <tr>
            <th scope="col" class="sticks">
              Day
            </th>
            <th scope="col">State</th>
            {["Active", "Engaged", "Suggested", "Accepted", "Rate", "Chats", "Credits"].map((t) => (
              <th key={t} scope="col" class="numeric">
                {t}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {[...days].reverse().map((d) => (
            <tr key={d.date}>
              <th scope="row" class="sticks">
                {format.dayOfWeek(d.date)}
              </th>
              <td>
                {d.state}
                {d.revision > 1 && `, revision ${d.revision}`}
                {d.people && `, ${peopleRead(d.people)}`}
              </td>
              <td class="numeric">{format.count(d.activeUsers)}</td>
              <td class="numeric">{format.count(d.engagedUsers)}</td>
              <td class="numeric">{format.count(d.completions?.suggested)}</td>
              <td class="numeric">{format.count(d.completions?.accepted)}</td>
              <td class="numeric">{format.rate(d.completions?.acceptanceRate)}</td>
              <td class="numeric">{format.count(d.chat?.interactions)}</td>
              <td class="numeric">{format.quantity(d.creditsUsed)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

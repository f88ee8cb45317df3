// Usage over a range, compared with the range before.
import type {Usage} from "../api/names.ts";
import {Days} from "../charts/days.tsx";
import * as format from "../format.ts";
import {hrefOf} from "../route.ts";
import {Stated} from "../ui/figure.tsx";
import {Loaded, Panel} from "../ui/panel.tsx";
import type {OfConnector} from "./ofconnector.ts";
import {Export} from "./export.tsx";
import {Headline, stateOf} from "./headline.tsx";
import {nothingRead} from "./overview.tsx";
import {PeopleADay} from "./people-a-day.tsx";
import {Questions} from "./questions.tsx";
import {given, RangePicker, rangeOf, rangeShown} from "./range.tsx";
import {useCompared, useTeams} from "./reads.ts";
import {TeamSelect, teamNames} from "./team-select.tsx";
import {DayTable, States} from "./usage-days.tsx";
import {OfTheWhole} from "./usage-whole.tsx";

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

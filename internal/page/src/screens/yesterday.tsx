// Compares the newest day with the same weekday a week before, and shows the result of the last poll.
import type {Connector, Day} from "../api/names.ts";
import * as format from "../format.ts";
import {hrefOf} from "../route.ts";
import {Panel} from "../ui/panel.tsx";

export function Yesterday({connector, days}: {connector: Connector; days: Day[]}) {
  const at = days.findLastIndex((d) => d.state === "final" || d.state === "provisional");
  const newest = days[at];
  const weekBefore = days[at - 7];
  const poll = connector.lastPoll;
  const restated = days.filter(
    (d) => d.revision > 1 && d.fetchedAt !== null && poll !== null && d.fetchedAt.slice(0, 10) === poll.at.slice(0, 10),
  );
  return (
    <Panel
      title="What changed since yesterday"
      of="yesterday"
      note={<a href={hrefOf(connector.id, "health")}>who changed what</a>}
    >
      {newest && (
        <table class="compact" aria-label="The newest day and a week before">
          <thead>
            <tr>
              <th scope="col">{format.dayOfWeek(newest.date)}</th>
              <th scope="col" class="numeric">
                Newest
              </th>
              <th scope="col" class="numeric">
                A week before
              </th>
              <th scope="col" class="numeric">
                Change
              </th>
            </tr>
          </thead>
          <tbody>
            {figures.map(({name, of, text}) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td class="numeric">{text(of(newest))}</td>
                <td class="numeric">{text(weekBefore ? of(weekBefore) : null)}</td>
                <td class="numeric">{format.change(of(newest), weekBefore && of(weekBefore)) ?? format.unknown}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <p class="small">
        {poll ? `Polled ${format.time(poll.at)}: ${poll.detail} ` : "Not polled yet. "}
        {restated.length > 0 && `GitHub has restated ${restated.map((d) => format.day(d.date)).join(", ")}.`}
      </p>
    </Panel>
  );
}

const figures: {name: string; of: (d: Day) => number | null; text: (v: number | null) => string}[] = [
  {name: "Active people", of: (d) => d.activeUsers, text: format.count},
  {name: "Chats", of: (d) => d.chat?.interactions ?? null, text: format.count},
  {name: "Completions accepted", of: (d) => d.completions?.accepted ?? null, text: format.count},
  {name: "AI credits", of: (d) => d.creditsUsed, text: format.quantity},
];

// The days of a range: what GitHub may still change of them, and their numbers.
import type {Day} from "../api/names.ts";
import {peopleRead} from "../charts/days.tsx";
import * as format from "../format.ts";
import {Panel} from "../ui/panel.tsx";
import {states} from "./headline.tsx";

export function States({days}: {days: Day[]}) {
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

export function DayTable({days}: {days: Day[]}) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Days, newest first">
      <table aria-label="Days">
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

// People of the last 7 and 28 days, and GitHub's phases of adoption.
import type {Day} from "../api/names.ts";
import {Bars} from "../charts/bars.tsx";
import {Days} from "../charts/days.tsx";
import * as format from "../format.ts";
import {Panel} from "../ui/panel.tsx";
import {latest} from "./latest.ts";

export function Reach({days}: {days: Day[]}) {
  return (
    <Panel title="People of 7 and of 28 days" of="reach">
      <Days
        label="People of 7 and of 28 days"
        days={days}
        height={160}
        series={[
          {name: "28 days", values: days.map((d) => d.monthlyActiveUsers), text: format.count},
          {name: "7 days", values: days.map((d) => d.weeklyActiveUsers), text: format.count},
        ]}
      />
    </Panel>
  );
}

export function Phases({days, title = "Phases of adoption"}: {days: Day[]; title?: string}) {
  const newest = latest(days, (d) => d.adoption);
  return (
    <Panel title={title} of="adoption">
      <Bars
        label="Phases of adoption"
        n={1}
        columns={["Phase", "People of 28 days", "Engaged that day"]}
        empty={
          newest === null
            ? "GitHub has sent no phases for these days, so nobody knows."
            : `GitHub's list of phases of ${format.day(newest.date)} is empty: nobody is in any.`
        }
        note={newest && `People of the 28 days up to ${format.day(newest.date)}; beside them those engaged on that day.`}
        rows={(newest?.value ?? []).map((p) => ({
          name: p.phase,
          value: p.people28Days,
          text: format.count(p.people28Days),
          beside: format.count(p.engagedUsers),
        }))}
      />
    </Panel>
  );
}

import type {ComponentChildren} from "preact";
import type {Day} from "../api/names.ts";
import {Days} from "../charts/days.tsx";
import * as format from "../format.ts";
import {Panel} from "../ui/panel.tsx";

export function PeopleADay({days, note}: {days: Day[]; note?: ComponentChildren}) {
  return (
    <Panel
      title="People a day"
      of="peopleADay"
      note={<>shaded: weekend · hatched: may still change · outlined: not reported yet {note && <>· {note}</>}</>}
    >
      <Days
        label="People a day"
        days={days}
        series={[
          {name: "Active", values: days.map((d) => d.activeUsers), text: format.count},
          {name: "Engaged", values: days.map((d) => d.engagedUsers), text: format.count},
        ]}
      />
    </Panel>
  );
}

// How the seats changed over the last 90 days, by status.
import type {Connector, SeatDay} from "../api/names.ts";
import {Sparkline} from "../charts/sparkline.tsx";
import * as format from "../format.ts";
import {Loaded, Panel} from "../ui/panel.tsx";
import {useSeatHistory} from "./reads.ts";

const courses: {title: string; of: (day: SeatDay) => number}[] = [
  {title: "Seats", of: (d) => d.total},
  {title: "Active", of: (d) => d.active},
  {title: "Idle or never used", of: (d) => d.idle + d.neverUsed},
];

export function SeatsOverTime({connector}: {connector: Connector}) {
  return (
    <Panel title="Seats over time">
      <Loaded
        from={useSeatHistory(connector)}
        empty={(days) => (days.length < 2 ? "There is a course once the seats were read on two days." : null)}
      >
        {(days) => (
          <table>
            <thead>
              <tr>
                <th scope="col">Status</th>
                <th scope="col">{format.day(days[0]!.date)}</th>
                <th scope="col">Course</th>
                <th scope="col">{format.day(days.at(-1)!.date)}</th>
              </tr>
            </thead>
            <tbody>
              {courses.map(({title, of}) => (
                <tr key={title}>
                  <th scope="row">{title}</th>
                  <td>{format.count(of(days[0]!))}</td>
                  <td>
                    <Sparkline values={days.map(of)} />
                  </td>
                  <td>{format.count(of(days.at(-1)!))}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Loaded>
    </Panel>
  );
}

// The number of seats by status over the last 90 days.
import type {Connector, SeatDay} from "../api/names.ts";
import {Sparkline} from "../charts/sparkline.tsx";
import * as format from "../format.ts";
import {Loaded, Panel} from "../ui/panel.tsx";
import {useSeatHistory} from "./reads.ts";
import {statuses} from "./seats-names.ts";

const courses: {title: string; of: (day: SeatDay) => number}[] = [
  {title: "All seats", of: (d) => d.total},
  {title: statuses.active, of: (d) => d.active},
  {title: statuses.idle, of: (d) => d.idle},
  {title: statuses.never_used, of: (d) => d.neverUsed},
  {title: statuses.new, of: (d) => d.new},
  {title: statuses.pending_cancellation, of: (d) => d.pendingCancellation},
  {title: statuses.unknown, of: (d) => d.unknown},
];

export function SeatsOverTime({connector}: {connector: Connector}) {
  return (
    <Panel title="Seats over time" of="seatsOverTime">
      <Loaded
        from={useSeatHistory(connector)}
        empty={(days) => (days.length < 2 ? "There is a course once the seats were read on two days." : null)}
      >
        {(days) => (
          <table aria-label="Seats by status">
            <thead>
              <tr>
                <th scope="col">Status</th>
                <th scope="col" class="numeric">
                  {format.day(days[0]!.date)}
                </th>
                <th scope="col">Course</th>
                <th scope="col" class="numeric">
                  {format.day(days.at(-1)!.date)}
                </th>
              </tr>
            </thead>
            <tbody>
              {courses
                .filter(({of}) => days.some((d) => of(d) > 0))
                .map(({title, of}) => (
                  <tr key={title}>
                    <th scope="row">{title}</th>
                    <td class="numeric">{format.count(of(days[0]!))}</td>
                    <td>
                      <Sparkline values={days.map(of)} />
                    </td>
                    <td class="numeric">{format.count(of(days.at(-1)!))}</td>
                  </tr>
                ))}
            </tbody>
          </table>
        )}
      </Loaded>
    </Panel>
  );
}

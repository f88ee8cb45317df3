// The days that are missing or were restated, and the record of changes.
import type {AuditEvent, Connector, Day} from "../api/names.ts";
import * as format from "../format.ts";
import {Failure, Loaded, Panel} from "../ui/panel.tsx";
import {useAudit, useUsage} from "./reads.ts";

/** Lists the days of the last 28 that are missing, and those that GitHub has restated. */
export function Unread({connector}: {connector: Connector}) {
  const usage = useUsage(connector);
  const lists = (days: Day[], of: (d: Day) => boolean) =>
    days
      .filter(of)
      .map((d) => format.day(d.date))
      .join(", ");
  return (
    <Panel title="Days" note="the last 28">
      <Loaded from={usage}>
        {({days}) => {
          const pending = lists(days, (d) => d.state === "pending");
          const missing = lists(days, (d) => d.state === "missing");
          const restated = days.filter((d) => d.revision > 1);
          return (
            <dl class="facts">
              <dt>Still expected</dt>
              <dd>{pending || "none"}</dd>
              <dt>No longer expected</dt>
              <dd>{missing || "none"}</dd>
              <dt>Restated by GitHub</dt>
              <dd>
                {restated.length === 0
                  ? "none"
                  : restated
                      .map(
                        (d) =>
                          `${format.day(d.date)}, ${format.some(d.revision - 1, "time")}, last read ${format.time(d.fetchedAt)}`,
                      )
                      .join("; ")}
              </dd>
            </dl>
          );
        }}
      </Loaded>
    </Panel>
  );
}

const actions: Record<AuditEvent["action"], string> = {
  saved: "Saved",
  changed: "Changed",
  rotated: "Credential replaced",
  poll_asked: "Poll asked for",
  deleted: "Deleted",
  status_changed: "Status",
  person_forgotten: "Person forgotten",
};

export function Audit({connector}: {connector: Connector}) {
  const audit = useAudit(connector);
  return (
    <Panel title="Who changed what" note="newest first">
      <Loaded from={audit.first} empty={(a) => (a.events.length === 0 ? "Nothing has been changed yet." : null)}>
        {() => (
          <div class="scroll" tabIndex={0} role="region" aria-label="Changes, newest first">
            <ol class="events">
              {audit.rows.map((e, i) => (
                <li key={i}>
                  <p class="small">
                    {format.time(e.at)} · {e.actor}
                  </p>
                  <b>{actions[e.action]}</b> {e.detail}
                </li>
              ))}
            </ol>
          </div>
        )}
      </Loaded>
      {audit.problem && <Failure problem={audit.problem} again={audit.readOn} />}
      {!audit.ended && audit.rows.length > 0 && (
        <button type="button" class="quiet" onClick={audit.readOn}>
          Show older ones
        </button>
      )}
    </Panel>
  );
}

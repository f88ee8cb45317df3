// A slider for the number of days after which a seat is idle. It shows what the API would count, and saves the number.
import {useEffect, useState} from "preact/hooks";
import {problemOf, type Problem} from "../api/client.ts";
import type {Connector, Seats, SeatSummary} from "../api/names.ts";
import {useClient} from "../api/resource.ts";
import * as format from "../format.ts";
import {Failure} from "../ui/panel.tsx";

const settles = 120; // milliseconds after the last move until the API is asked

export function IdleSlider({connector, seats, onSaved}: {connector: Connector; seats: Seats; onSaved: () => void}) {
  const client = useClient();
  const [days, setDays] = useState(seats.idleAfterDays);
  const [preview, setPreview] = useState<SeatSummary>(seats);
  const [problem, setProblem] = useState<Problem | null>(null);
  const failed = (error: unknown) => setProblem(problemOf(error, "The page could not count these seats."));

  useEffect(() => {
    setProblem(null);
    if (days === seats.idleAfterDays) return setPreview(seats);
    const abort = new AbortController();
    const timer = setTimeout(() => {
      client
        .get<SeatSummary>(`/connectors/${connector.id}/seats`, {query: {idleAfterDays: days}, signal: abort.signal})
        .then(setPreview, (error) => abort.signal.aborted || failed(error));
    }, settles);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [days, seats]);

  const save = () => client.send("PATCH", `/connectors/${connector.id}`, {body: {idleAfterDays: days}}).then(onSaved, failed);
  const found = (preview.idle.count ?? 0) + (preview.neverUsed.count ?? 0);
  const told = preview.idleAfterDays === days;
  return (
    <div class="idle-slider panel">
      <label for="idle-days">
        Idle after <output>{format.some(days, "day")}</output>
      </label>
      <input
        id="idle-days"
        type="range"
        min={1}
        max={120}
        aria-valuetext={format.some(days, "day")}
        value={Math.min(days, 120)}
        onInput={(e) => setDays(e.currentTarget.valueAsNumber)}
      />
      <p role="status" aria-busy={!told && !problem} data-preview={told ? days : ""}>
        {told ? (
          <>
            <strong>{format.some(found, "seat")}</strong>: {format.count(preview.idle.count)} idle (
            {format.money(preview.idle.monthlyCost)}), {format.count(preview.neverUsed.count)} never used (
            {format.money(preview.neverUsed.monthlyCost)}) a month
          </>
        ) : (
          !problem && "Counting…"
        )}
      </p>
      {days !== seats.idleAfterDays && (
        <button type="button" class="secondary" onClick={save}>
          Use {format.some(days, "day")}
        </button>
      )}
      {problem && <Failure problem={problem} />}
    </div>
  );
}

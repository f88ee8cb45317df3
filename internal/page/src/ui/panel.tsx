// A panel shows a resource in each of its states: loading, ready, empty with the reason, failed, and stale.
import type {ComponentChildren} from "preact";
import {useId} from "preact/hooks";
import type {Problem} from "../api/client.ts";
import type {Resource} from "../api/resource.ts";
import type {Explained} from "../explain.ts";
import * as format from "../format.ts";
import {Explanation} from "./figure.tsx";

interface PanelProps {
  title: string;
  note?: ComponentChildren;
  class?: string;
  of?: Explained; // explains the figures of the panel
  state?: string;
  children: ComponentChildren;
}

export function Panel({title, note, class: kind = "", of, state, children}: PanelProps) {
  const id = useId();
  return (
    <section class={`panel ${kind}`} aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        {note && <div class="note">{note}</div>}
      </header>
      {children}
      {of && <Explanation of={of} label={title} state={state} />}
    </section>
  );
}

interface LoadedProps<T> {
  from: Resource<T>;
  empty?: (value: T) => ComponentChildren | null;
  children: (value: T) => ComponentChildren;
}

const peopleHidden =
  "This connector shows no lists of people, only numbers of groups. Health changes that, under “People are shown”.";

/** Shows the children when there is a value. Until then it shows that the value is loading, or the problem. */
export function Loaded<T>({from, empty, children}: LoadedProps<T>) {
  if (from.value === null) {
    if (from.problem?.code === "people_hidden") return <p class="empty">{peopleHidden}</p>;
    return from.problem ? (
      <Failure problem={from.problem} again={from.reload} />
    ) : (
      <p class="loading" role="status">
        Loading…
      </p>
    );
  }
  const reason = empty?.(from.value) ?? null;
  return (
    <>
      {from.problem && <Stale problem={from.problem} readAt={from.readAt} again={from.reload} />}
      {reason === null ? children(from.value) : <p class="empty">{reason}</p>}
    </>
  );
}

export function Failure({problem, again}: {problem: Problem; again?: () => void}) {
  return (
    <div class="failure" role="alert">
      <p>{problem.message}</p>
      {problem.body.errors?.map((e) => (
        <p key={e.field}>
          <b>{e.field}</b>: {e.detail}
        </p>
      ))}
      <p class="small">
        {problem.requestId && <>Request {problem.requestId} · </>}
        {again && (
          <button type="button" class="quiet" onClick={again}>
            Try again
          </button>
        )}
      </p>
    </div>
  );
}

function Stale({problem, readAt, again}: {problem: Problem; readAt: Date | null; again: () => void}) {
  return (
    <p class="stale" role="status">
      Read at {readAt ? format.timeOfDay(readAt) : format.unknown}; reading again failed: {problem.message}{" "}
      {problem.requestId && <>Request {problem.requestId}. </>}
      <button type="button" class="quiet" onClick={again}>
        Try again
      </button>
    </p>
  );
}

export function FieldError({id, text}: {id: string; text: string | null}) {
  return (
    <p id={id} class="error" role="alert">
      {text}
    </p>
  );
}

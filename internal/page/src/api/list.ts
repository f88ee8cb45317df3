// A list of the API that is read as far as somebody looks. The API sorts it and finds in it; here it is only put together.
import {useCallback, useEffect, useRef, useState} from "preact/hooks";
import {problemOf, type Problem, type Query} from "./client.ts";
import {useClient, useResource, type Resource} from "./resource.ts";

interface Answer {
  next: string | null;
}

/** The part of a list that has been read: rows so far, and where the API goes on. */
interface Part<Row> {
  key: string;
  rows: Row[];
  next: string | null;
}

export interface List<A, Row> {
  first: Resource<A>; // the list's first answer; until it is there, that of the order before
  rows: Row[];
  ended: boolean;
  busy: boolean;
  problem: Problem | null;
  readOn: () => void;
  all: () => Promise<Row[]>;
}

/** Reads a list. While another order of it is fetched, the rows of before stay. */
export function useList<A extends Answer, Row>(
  key: string,
  path: string,
  query: Query,
  rowsOf: (answer: A) => Row[],
): List<A, Row> {
  const client = useClient();
  const first = useResource<A>(key, (client, signal) => client.get<A>(path, {query, signal}));
  const [, redraw] = useState(0);
  const [problem, setProblem] = useState<Problem | null>(null);
  const part = useRef<Part<Row>>({key: "", rows: [], next: null});
  const reading = useRef<Promise<void> | null>(null);
  const shownFor = useRef<A | null>(null);

  if (first.value !== null && first.value !== shownFor.current) {
    shownFor.current = first.value;
    part.current = {key, rows: rowsOf(first.value), next: first.value.next};
    reading.current = null;
  }
  useEffect(() => setProblem(null), [key]);

  const now = part.current;
  const ended = (p: Part<Row>) => p.next === null;

  const readPart = async () => {
    const from = part.current;
    const answer = await client.get<A>(path, {query: {...query, next: from.next}});
    if (part.current !== from) return; // another list is shown meanwhile
    part.current = {key: from.key, rows: [...from.rows, ...rowsOf(answer)], next: answer.next};
  };
  /** Reads one part more, unless one is being read already. */
  const more = () => {
    reading.current ??= readPart()
      .then(
        () => setProblem(null),
        (error: unknown) => {
          setProblem(problemOf(error, "The list could not be read on."));
          throw error;
        },
      )
      .finally(() => {
        reading.current = null;
        redraw((n) => n + 1);
      });
    return reading.current;
  };
  const all = async () => {
    const begun = part.current.key;
    while (!ended(part.current)) {
      await more();
      if (part.current.key !== begun) break;
    }
    return part.current.rows;
  };
  const readOn = useCallback(() => void more().catch(() => undefined), [key, now]);
  return {
    first: {...first, value: first.value ?? shownFor.current},
    rows: now.rows,
    ended: ended(now),
    busy: now.key !== key,
    problem,
    readOn,
    all,
  };
}

/** A text that has not changed for a moment, so that not every letter is asked for. */
export function useSettled(text: string, milliseconds = 150): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), milliseconds);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

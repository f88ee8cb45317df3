// A list of the API. It is read as far as somebody scrolls. The API sorts and filters it, and this file joins the parts.
import {useCallback, useEffect, useRef, useState} from "preact/hooks";
import {problemOf, type Problem, type Query} from "./client.ts";
import {useClient, useResource, type Resource} from "./resource.ts";

interface Answer {
  next: string | null;
}

/** The rows that were read so far, and the place where the API continues. */
interface Part<Row> {
  key: string;
  rows: Row[];
  next: string | null;
}

export interface List<A, Row> {
  first: Resource<A>; // the first answer of the list; the answer of the earlier order until it arrives
  rows: Row[];
  ended: boolean;
  busy: boolean;
  problem: Problem | null;
  readOn: () => void;
  all: () => Promise<Row[]>;
}

/** Reads a list. The earlier rows stay until another order of it has arrived. */
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
    if (part.current !== from) return; // the screen shows another list by now
    part.current = {key: from.key, rows: [...from.rows, ...rowsOf(answer)], next: answer.next};
  };
  /** Reads one more part, unless one is being read already. */
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

/** Returns a text after it has stopped to change, so that not every letter causes a call. */
export function useSettled(text: string, milliseconds = 150): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), milliseconds);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

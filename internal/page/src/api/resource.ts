// A resource is an answer of the API with its state: loading, ready, failed or stale. Stale means that a second read has failed and
// the earlier answer is shown.
import {createContext} from "preact";
import {useCallback, useContext, useEffect, useRef, useState} from "preact/hooks";
import {Client, problemOf, type Problem} from "./client.ts";

/** The client, and the earlier answers by their keys. */
export interface Session {
  client: Client;
  answers: Map<string, {value: unknown; readAt: Date}>;
}

export const SessionContext = createContext<Session>({client: new Client("", "", () => null), answers: new Map()});

export function useClient(): Client {
  return useContext(SessionContext).client;
}

export interface Resource<T> {
  value: T | null;
  readAt: Date | null;
  problem: Problem | null;
  loading: boolean;
  reload: () => void;
}

/** Calls `load` whenever `key` changes. It returns the earlier answer of that key until the new one arrives. */
export function useResource<T>(key: string, load: (client: Client, signal: AbortSignal) => Promise<T>): Resource<T> {
  const {client, answers} = useContext(SessionContext);
  const [turn, setTurn] = useState(0);
  const [, redraw] = useState(0);
  const state = useRef<{key: string; problem: Problem | null; loading: boolean}>({key: "", problem: null, loading: true});
  if (state.current.key !== key) state.current = {key, problem: null, loading: true};

  useEffect(() => {
    const abort = new AbortController();
    const done = (problem: Problem | null) => {
      state.current = {key, problem, loading: false};
      redraw((n) => n + 1);
    };
    state.current.loading = true;
    load(client, abort.signal).then(
      (value) => {
        if (abort.signal.aborted) return;
        answers.set(key, {value, readAt: new Date()});
        done(null);
      },
      (error: unknown) => {
        if (!abort.signal.aborted) done(problemOf(error, "The page could not read the answer."));
      },
    );
    return () => abort.abort();
  }, [key, turn, client]);

  const known = answers.get(key);
  return {
    value: (known?.value as T | undefined) ?? null,
    readAt: known?.readAt ?? null,
    problem: state.current.problem,
    loading: state.current.loading,
    reload: useCallback(() => setTurn((n) => n + 1), []),
  };
}

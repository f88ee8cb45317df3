import {useState} from "preact/hooks";
import {problemOf, type Problem} from "../api/client.ts";
import {Failure} from "./panel.tsx";

/** Runs the work of a button and keeps its problem, if any. */
export function useWork() {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const run = async (work: () => Promise<void>) => {
    setBusy(true);
    setProblem(null);
    try {
      await work();
    } catch (error) {
      setProblem(problemOf(error, "The page could not do that."));
    } finally {
      setBusy(false);
    }
  };
  return {busy, problem, run};
}

export function Said({problem}: {problem: Problem | null}) {
  return problem && <Failure problem={problem} />;
}

// The tab to which GitHub returns shows this.
import {useEffect, useState} from "preact/hooks";
import {deliver} from "../appreturn.ts";

export function Returned() {
  const [taken, setTaken] = useState<boolean | null>(null);
  useEffect(() => void deliver().then(setTaken), []);
  return (
    <main class="screen">
      <section class="panel" role="status">
        {taken === null && <p>Handing over to the tab in which you began…</p>}
        {taken === true && <p>GitHub is done. Close this tab, and continue in the tab in which you began.</p>}
        {taken === false && (
          <p>
            The tab in which you began is gone, so nothing was stored. If GitHub shows the App, generate a private key in its
            settings and{" "}
            <a href="#/add" onClick={() => location.reload()}>
              paste it
            </a>
            . Otherwise begin again.
          </p>
        )}
      </section>
    </main>
  );
}

// CloudMonitor's own App, by one button: there is no secret to paste, and nothing that ends.
import type {StackApp} from "../api/names.ts";
import {useResource} from "../api/resource.ts";
import type {Installing} from "./installing.ts";
import type {Credential} from "./pasted.ts";

interface ConnectAppProps {
  credential: Credential;
  onConnected: () => void;
}

/** Says that GitHub waits in another tab. */
export function Away({installing}: {installing: Installing}) {
  if (!installing.away) return null;
  return (
    <p>
      GitHub is open in another tab. Follow it there, and come back here. Is there no tab, or have you closed it?{" "}
      <button type="button" class="quiet" onClick={installing.again}>
        Open it again
      </button>
    </p>
  );
}

/** Shows nothing where the deployment has no App of its own. */
export function ConnectApp({credential, onConnected}: ConnectAppProps) {
  const app = useResource("github-app", (client, signal) => client.get<StackApp>("/github-app", {signal}));
  const {installing} = credential;
  const known = app.value !== null || app.problem !== null;
  const url = app.value?.installUrl ?? "";
  if (known && url === "") return null;
  return (
    // Its room is kept from the beginning, so that nothing moves under somebody's mouse.
    <div class="register" style={{visibility: known ? "visible" : "hidden"}}>
      <p>
        <button
          type="button"
          class="primary"
          onClick={() => void installing.connect(url).then((proved) => proved && onConnected())}
        >
          {installing.id === null ? "Connect CloudMonitor's App" : "Connect another installation"}
        </button>{" "}
        <span class="small">An owner installs it on GitHub. There is no name to type and no key to paste or keep.</span>
      </p>
      <div role="status">
        <Away installing={installing} />
        {!installing.away && installing.id !== null && <p>The App is installed; GitHub's number for it is {installing.id}.</p>}
      </div>
      <p class="error" role="alert">
        {installing.refusal}
      </p>
      <p class="small">Or use an App of your own:</p>
    </div>
  );
}

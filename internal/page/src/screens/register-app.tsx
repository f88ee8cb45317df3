// An App of the customer's own in three presses: GitHub registers it from a manifest, an owner installs it, and its key lies in the
// fields of the credential, as a pasted one does.
import {useEffect, useRef, useState} from "preact/hooks";
import {problemOf, type Problem} from "../api/client.ts";
import type {RegisteredApp, Registration} from "../api/names.ts";
import {useClient} from "../api/resource.ts";
import {awaitReturn, postForm, type Way} from "../appreturn.ts";
import {Outside} from "../ui/linked.tsx";
import {Failure} from "../ui/panel.tsx";
import type {Credential} from "./pasted.ts";

type Stage =
  | {at: "offered"; missing?: boolean}
  | {at: "away"; open: () => void}
  | {at: "back"}
  | {at: "made"; slug: string; installUrl: string}
  | {at: "failed"; problem: Problem};

/** The host of an account with data residency, which its pasted address may have told; empty for github.com. */
function residency(action: string): string {
  const {hostname} = new URL(action);
  return hostname.endsWith(".ghe.com") ? hostname : "";
}

export interface RegisterAppProps {
  credential: Credential;
  account: {slug: string; host: string};
}

export function RegisterApp({credential, account}: RegisterAppProps) {
  const client = useClient();
  const [stage, setStage] = useState<Stage>({at: "offered"});
  const way = useRef<Way | null>(null);
  useEffect(() => () => way.current?.stop(), []);

  const during = async (work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      setStage({at: "failed", problem: problemOf(error, "The page could not go on.")});
    }
  };
  const exchange = (code: string, host: string) =>
    during(async () => {
      setStage({at: "back"});
      const made = await client.send<RegisteredApp>("POST", "/github-app/registration", {body: {code, ...(host && {host})}});
      credential.fill({app: made.app});
      setStage({at: "made", slug: made.slug, installUrl: made.installUrl});
    });
  const register = () =>
    during(async () => {
      if (account.slug.trim() === "") return setStage({at: "offered", missing: true});
      way.current?.stop();
      const {action, manifest} = await client.get<Registration>("/github-app/registration", {
        query: {slug: account.slug.trim(), host: account.host.trim()},
      });
      const {state} = (way.current = awaitReturn(({code}) => void exchange(code, residency(action))));
      const back = location.origin + location.pathname;
      const open = () => postForm(`${action}?state=${state}`, {manifest: JSON.stringify({...manifest, redirect_url: back})});
      setStage({at: "away", open});
      open();
    });
  return (
    <div class="register">
      {stage.at !== "made" && stage.at !== "back" && (
        <p>
          <button type="button" class="secondary" onClick={() => void register()}>
            Create the App on GitHub
          </button>{" "}
          <span class="small">An owner of the organization does this. The permissions are filled in, each read-only.</span>
        </p>
      )}
      <div role="status">
        {stage.at === "away" && (
          <p>
            GitHub is open in another tab. Press “Create GitHub App” there, and come back here. Did no tab open?{" "}
            <button type="button" class="quiet" onClick={stage.open}>
              Open it again
            </button>
          </p>
        )}
        {stage.at === "back" && <p>Getting the key from GitHub…</p>}
        {stage.at === "made" && (
          <ol>
            <li>
              The App <b>{stage.slug}</b> is made. Its client id and key are filled in below; the key is kept nowhere else until
              you save.
            </li>
            <li>
              <Outside url={stage.installUrl} title="Install the App on GitHub" />, on {account.slug.trim()}. Then come back here.
            </li>
            <li>Press the button below: the App is verified before anything is stored.</li>
          </ol>
        )}
      </div>
      {stage.at === "offered" && stage.missing && (
        <p class="error" role="alert">
          Type the organization's name first.
        </p>
      )}
      {stage.at === "failed" && <Failure problem={stage.problem} />}
    </div>
  );
}

// Add a connector: what to connect, what Verify says, the proof, and Save. The pasted token stays in its field alone.
import {useEffect, useRef, useState} from "preact/hooks";
import {Problem} from "../api/client.ts";
import type {ConnectorForm, Example, Verification} from "../api/names.ts";
import {useClient} from "../api/resource.ts";
import {Failure} from "../ui/panel.tsx";
import {AccountFields, type Account} from "./add-account.tsx";
import {Examples} from "./add-examples.tsx";
import {Result} from "./add-result.tsx";
import {SaveForm} from "./add-save.tsx";
import {Proof} from "./proof.tsx";

/** How long a pasted token may lie in its field. */
const forgetAfter = 15 * 60_000;

type Stage =
  | {at: "asking"}
  | {at: "verifying"; since: number; abort: AbortController}
  | {at: "judged"; verification: Verification; seconds: number}
  | {at: "failed"; problem: Problem};

export function Add({examples}: {examples: Example[]}) {
  const client = useClient();
  const field = useRef<HTMLInputElement>(null);
  const [account, setAccount] = useState<Account>({scope: "organization", slug: "", host: ""});
  const [stage, setStage] = useState<Stage>({at: "asking"});
  useForgetting(field);
  useEffect(
    () => () => {
      if (stage.at === "verifying") stage.abort.abort();
    },
    [stage],
  );

  const form = (): ConnectorForm => ({
    token: field.current?.value.trim() ?? "",
    scope: account.scope,
    slug: account.slug.trim(),
    ...(account.host.trim() && {host: account.host.trim()}),
  });
  const changed = () => setStage({at: "asking"});
  const verify = async () => {
    const abort = new AbortController();
    const since = performance.now();
    setStage({at: "verifying", since, abort});
    try {
      const verification = await client.send<Verification>("POST", "/verify", {body: form(), signal: abort.signal});
      setStage({at: "judged", verification, seconds: (performance.now() - since) / 1000});
    } catch (error) {
      setStage(error instanceof Problem ? {at: "failed", problem: error} : {at: "asking"});
    }
  };
  const choose = (example: Example) => {
    setAccount({scope: example.scope, slug: example.slug, host: example.host === "github.com" ? "" : example.host});
    if (field.current) {
      field.current.value = example.token;
      field.current.dispatchEvent(new Event("input", {bubbles: true}));
    }
    void Promise.resolve().then(changed);
  };
  const judged = stage.at === "judged" ? stage : null;
  return (
    <>
      <nav class="crumbs" aria-label="Place">
        <a href="#/">Connectors</a> › Add
      </nav>
      <header class="title">
        <div>
          <h1>Connect GitHub Copilot</h1>
          <p class="lede">Paste a token and the name of the account. Nothing is stored until you press Save.</p>
        </div>
      </header>
      {examples.length > 0 && <Examples examples={examples} onChoose={choose} />}
      <AccountFields
        account={account}
        field={field}
        verified={judged !== null}
        problem={stage.at === "failed" ? stage.problem : null}
        verifying={stage.at === "verifying" ? stage : null}
        onAccount={(next) => {
          setAccount(next);
          changed();
        }}
        onToken={changed}
        onVerify={verify}
      />
      {stage.at === "failed" && <Failure problem={stage.problem} again={verify} />}
      {judged && (
        <>
          <Result verification={judged.verification} seconds={judged.seconds} onAgain={verify} />
          {judged.verification.preview && <Proof preview={judged.verification.preview} account={judged.verification.account} />}
          {judged.verification.ok && (
            <SaveForm
              form={form}
              account={judged.verification.account}
              forget={() => {
                if (field.current) field.current.value = "";
              }}
            />
          )}
        </>
      )}
    </>
  );
}

/** Clears the field a while after the last paste, and when the page is left. */
function useForgetting(field: {current: HTMLInputElement | null}) {
  useEffect(() => {
    const input = field.current;
    if (!input) return;
    let timer = 0;
    const forget = () => {
      if (input.value === "") return;
      input.value = "";
      input.dispatchEvent(new Event("input", {bubbles: true}));
    };
    const restart = () => {
      clearTimeout(timer);
      timer = window.setTimeout(forget, forgetAfter);
    };
    input.addEventListener("input", restart);
    addEventListener("pagehide", forget);
    return () => {
      clearTimeout(timer);
      input.removeEventListener("input", restart);
      removeEventListener("pagehide", forget);
      input.value = "";
    };
  }, []);
}

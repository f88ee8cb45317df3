// Add a connector: what to connect, what Verify says, the proof, and Save. What is pasted stays in its fields alone.
import {useEffect, useState} from "preact/hooks";
import {Problem} from "../api/client.ts";
import type {ConnectorForm, Example, Verification} from "../api/names.ts";
import {useClient} from "../api/resource.ts";
import {Failure} from "../ui/panel.tsx";
import {AccountFields, type Account} from "./add-account.tsx";
import {Examples} from "./add-examples.tsx";
import {Result} from "./add-result.tsx";
import {SaveForm} from "./add-save.tsx";
import {usePasted} from "./pasted.ts";
import {Proof} from "./proof.tsx";

type Stage =
  | {at: "asking"}
  | {at: "verifying"; since: number; abort: AbortController}
  | {at: "judged"; verification: Verification; seconds: number}
  | {at: "failed"; problem: Problem};

export function Add({examples}: {examples: Example[]}) {
  const client = useClient();
  const credential = usePasted();
  const [account, setAccount] = useState<Account>({scope: "organization", slug: "", host: ""});
  const [stage, setStage] = useState<Stage>({at: "asking"});
  useEffect(
    () => () => {
      if (stage.at === "verifying") stage.abort.abort();
    },
    [stage],
  );

  const form = (): ConnectorForm => {
    const given = credential.read();
    if ("installation" in given) return given; // it tells the account
    const host = account.host.trim();
    return {...given, scope: account.scope, slug: account.slug.trim(), ...(host && {host})};
  };
  const changed = () => setStage({at: "asking"});
  const verify = async () => {
    try {
      await credential.ready();
      const abort = new AbortController();
      const since = performance.now();
      setStage({at: "verifying", since, abort});
      const verification = await client.send<Verification>("POST", "/verify", {body: form(), signal: abort.signal});
      credential.installing.knownAs(verification.credential.app?.clientId);
      setStage({at: "judged", verification, seconds: (performance.now() - since) / 1000});
    } catch (error) {
      setStage(error instanceof Problem ? {at: "failed", problem: error} : {at: "asking"});
    }
  };
  const choose = (example: Example) => {
    setAccount({scope: example.scope, slug: example.slug, host: example.host === "github.com" ? "" : (example.host ?? "")});
    credential.fill(example);
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
          <p class="lede">Name the account, and choose what may read it. Nothing is stored until you press Save.</p>
        </div>
      </header>
      {examples.length > 0 && <Examples examples={examples} onChoose={choose} />}
      <AccountFields
        account={account}
        credential={credential}
        verified={judged !== null}
        problem={stage.at === "failed" ? stage.problem : null}
        verifying={stage.at === "verifying" ? stage : null}
        onAccount={(next) => {
          setAccount(next);
          changed();
        }}
        onPasted={changed}
        onVerify={verify}
      />
      {stage.at === "failed" && <Failure problem={stage.problem} again={verify} />}
      {judged && (
        <>
          <Result verification={judged.verification} seconds={judged.seconds} onAgain={verify} />
          {judged.verification.preview && <Proof preview={judged.verification.preview} account={judged.verification.account} />}
          {judged.verification.ok && <SaveForm form={form} credential={credential} account={judged.verification.account} />}
        </>
      )}
    </>
  );
}

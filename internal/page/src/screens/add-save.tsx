// Save: who is told by mail, when a seat counts as idle, agreed prices. An account that is connected already leads there.
import {useState} from "preact/hooks";
import {Problem} from "../api/client.ts";
import type {Connector, ConnectorForm, Prices} from "../api/names.ts";
import {useClient} from "../api/resource.ts";
import {hrefOf} from "../route.ts";
import {Failure, FieldError} from "../ui/panel.tsx";
import {Checks} from "./add-result.tsx";
import {Away} from "./connect-app.tsx";
import type {Credential} from "./pasted.ts";
import {addresses, PriceFields, pricesOf, RecipientsField} from "./settings-fields.tsx";

interface SaveFormProps {
  form: () => ConnectorForm;
  credential: Credential;
  account: {scope: string | null; slug: string | null};
}

export function SaveForm({form, credential, account}: SaveFormProps) {
  const client = useClient();
  const [recipients, setRecipients] = useState("");
  const [idleAfterDays, setIdleAfterDays] = useState(30);
  const [prices, setPrices] = useState<Prices>({});
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);

  const during = async (work: () => Promise<void>) => {
    setBusy(true);
    setProblem(null);
    try {
      await work();
    } catch (error) {
      setProblem(error instanceof Problem ? error : new Problem(0, {detail: "The page could not save."}, null));
      setBusy(false);
    }
  };
  const open = (id: string) => {
    credential.forget();
    location.hash = hrefOf(id, "overview");
  };
  const save = (event: Event) => {
    event.preventDefault();
    void during(async () => {
      await credential.ready();
      const saved = await client.send<Connector>("POST", "/connectors", {
        body: {...form(), notifyEmails: addresses(recipients), idleAfterDays},
      });
      const agreed = pricesOf(prices);
      if (agreed) await client.send("PATCH", `/connectors/${saved.id}`, {body: {prices: agreed}});
      open(saved.id);
    });
  };
  const rotate = (id: string) =>
    during(async () => {
      await credential.ready();
      await client.send("PUT", `/connectors/${id}/credential`, {body: credential.read()});
      open(id);
    });
  const existing = problem?.existingId;
  return (
    <form id="save" class="panel save" onSubmit={save} aria-label="Save">
      <h2>Save</h2>
      <div class="columns">
        <RecipientsField value={recipients} onChange={setRecipients} error={problem?.fieldError("notifyEmails") ?? null} />
        <div class="field">
          <label for="idle-after">A seat is idle after this many days</label>
          <input
            id="idle-after"
            type="number"
            min={1}
            max={365}
            required
            value={idleAfterDays}
            onInput={(e) => setIdleAfterDays(e.currentTarget.valueAsNumber)}
            aria-describedby="idle-after-error"
          />
          <FieldError id="idle-after-error" text={problem?.fieldError("idleAfterDays") ?? null} />
        </div>
      </div>
      <details>
        <summary>Agreed prices</summary>
        <PriceFields value={prices} onChange={setPrices} problem={problem} />
      </details>
      <button type="submit" class="primary" disabled={busy}>
        {busy ? "Saving…" : "Save connector"}
      </button>
      <Away installing={credential.installing} />
      {credential.installing.id !== null && !credential.installing.away && (
        <p class="small">GitHub opens once more to confirm who you are: its proof is good for one call.</p>
      )}
      {existing && (
        <div class="failure" role="alert">
          <p>This account has a connector already. Nothing was stored.</p>
          <p class="buttons">
            <a class="button secondary" href={hrefOf(existing, "overview")} onClick={credential.forget}>
              Open it
            </a>
            <button type="button" class="secondary" disabled={busy} onClick={() => rotate(existing)}>
              Replace its credential with this one
            </button>
          </p>
        </div>
      )}
      {problem && !existing && <Failure problem={problem} />}
      {problem?.checks && <Checks checks={problem.checks} account={account} />}
    </form>
  );
}

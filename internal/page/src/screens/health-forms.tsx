// The forms of Health: replace the credential, change settings, delete.
import {useState} from "preact/hooks";
import type {Connector, Prices} from "../api/names.ts";
import {useClient} from "../api/resource.ts";
import * as format from "../format.ts";
import {Said, useWork} from "../ui/work.tsx";
import {Checks} from "./add-result.tsx";
import {usePasted} from "./pasted.ts";
import {PastedFields} from "./pasted-fields.tsx";
import {addresses, PeopleFields, PriceFields, pricesOf, RecipientsField} from "./settings-fields.tsx";

interface RotateFormProps {
  connector: Connector;
  onRotated: () => void;
}

export function RotateForm({connector, onRotated}: RotateFormProps) {
  const client = useClient();
  const credential = usePasted(connector.credential.app ? "app" : "token");
  const [done, setDone] = useState(false);
  const {busy, problem, run} = useWork();
  const submit = (event: Event) => {
    event.preventDefault();
    if (Object.keys(credential.check()).length === 0) replace();
  };
  const replace = () => {
    setDone(false);
    void run(async () => {
      await credential.ready();
      await client.send("PUT", `/connectors/${connector.id}/credential`, {body: credential.read()});
      credential.forget();
      setDone(true);
      onRotated();
    });
  };
  return (
    <form class="rotate" onSubmit={submit} autocomplete="off" aria-label="Replace the credential">
      <h3>Replace it</h3>
      <PastedFields credential={credential} account={connector} problem={problem} prefix="new-" onConnected={replace} />
      <p class="small">The new credential is verified before the old one goes. A token may become an App, and an App a token.</p>
      <button type="submit" class="secondary" disabled={busy}>
        {busy ? "Verifying…" : "Replace credential"}
      </button>
      <p role="status">{done && "The new credential is in use."}</p>
      <Said problem={problem} />
      {problem?.checks && <Checks checks={problem.checks} account={connector} />}
    </form>
  );
}

export function SettingsForm({connector, onSaved}: {connector: Connector; onSaved: () => void}) {
  const client = useClient();
  const [recipients, setRecipients] = useState(connector.notifyEmails.join(", "));
  const [idleAfterDays, setIdleAfterDays] = useState(connector.idleAfterDays);
  const [prices, setPrices] = useState<Prices>(connector.prices ?? {});
  const [people, setPeople] = useState(connector.people);
  const [keepDays, setKeepDays] = useState(connector.keepPeopleDays?.toString() ?? "");
  const [done, setDone] = useState(false);
  const {busy, problem, run} = useWork();
  const submit = (event: Event) => {
    event.preventDefault();
    void run(async () => {
      setDone(false);
      const agreed = pricesOf(prices);
      const keepPeopleDays = keepDays === "" ? null : Number(keepDays);
      const pricesChanged = JSON.stringify(agreed ?? {}) !== JSON.stringify(connector.prices ?? {});
      await client.send("PATCH", `/connectors/${connector.id}`, {
        body: {
          notifyEmails: addresses(recipients),
          idleAfterDays,
          ...(people !== connector.people && {people}),
          ...(keepPeopleDays !== connector.keepPeopleDays && {keepPeopleDays}),
          ...(pricesChanged && {prices: agreed ?? {}}),
        },
      });
      setDone(true);
      onSaved();
    });
  };
  return (
    <form class="settings" onSubmit={submit} aria-label="Settings">
      <RecipientsField value={recipients} onChange={setRecipients} error={problem?.fieldError("notifyEmails") ?? null} />
      <div class="field">
        <label for="settings-idle">A seat is idle after this many days</label>
        <input
          id="settings-idle"
          type="number"
          min={1}
          max={365}
          required
          value={idleAfterDays}
          onInput={(e) => setIdleAfterDays(e.currentTarget.valueAsNumber)}
        />
      </div>
      <PeopleFields
        people={people}
        onPeople={setPeople}
        keepDays={keepDays}
        onKeepDays={setKeepDays}
        error={problem?.fieldError("keepPeopleDays") ?? null}
      />
      <details>
        <summary>Agreed prices</summary>
        <PriceFields value={prices} onChange={setPrices} problem={problem} />
        <p class="small">Empty: the deployment's prices, else GitHub's list.</p>
      </details>
      <button type="submit" class="secondary" disabled={busy}>
        Save settings
      </button>
      <p role="status">{done && "Saved."}</p>
      <Said problem={problem} />
    </form>
  );
}

export function DeleteForm({connector}: {connector: Connector}) {
  const client = useClient();
  const [typed, setTyped] = useState("");
  const {busy, problem, run} = useWork();
  const sure = typed.trim() === connector.slug;
  const submit = (event: Event) => {
    event.preventDefault();
    if (sure)
      void run(async () => {
        await client.delete(`/connectors/${connector.id}`);
        location.hash = "#/";
      });
  };
  return (
    <form onSubmit={submit} aria-label="Delete">
      <p>
        The credential is gone at once, then everything that was read
        {connector.firstDay && ` since ${format.fullDay(connector.firstDay)}`}. It cannot be undone. GitHub keeps a year of
        reports at most.
      </p>
      <div class="field">
        <label for="delete-slug">Type {connector.slug} to delete it</label>
        <input
          id="delete-slug"
          value={typed}
          autocomplete="off"
          spellcheck={false}
          onInput={(e) => setTyped(e.currentTarget.value)}
        />
      </div>
      <button type="submit" class="destructive" disabled={!sure || busy}>
        Delete connector
      </button>
      <Said problem={problem} />
    </form>
  );
}

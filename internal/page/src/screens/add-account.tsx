import {useEffect, useState} from "preact/hooks";
import type {Problem} from "../api/client.ts";
import type {Scope} from "../api/names.ts";
import {FieldError} from "../ui/panel.tsx";
import type {Credential} from "./pasted.ts";
import {PastedFields} from "./pasted-fields.tsx";

export interface Account {
  scope: Scope;
  slug: string;
  host: string;
}

interface AccountFieldsProps {
  account: Account;
  credential: Credential;
  verified: boolean;
  verifying: {since: number; abort: AbortController} | null;
  problem: Problem | null;
  onAccount: (account: Account) => void;
  onPasted: () => void;
  onVerify: () => void;
}

export function AccountFields(props: AccountFieldsProps) {
  const {account, credential, verified, verifying, problem, onAccount, onPasted, onVerify} = props;
  const [missing, setMissing] = useState<string | null>(null);
  const enterprise = account.scope === "enterprise";
  const submit = (event: Event) => {
    event.preventDefault();
    const faults = credential.check();
    const nameless = account.slug.trim() === "" && credential.installing.id === null;
    setMissing(nameless ? `Type the ${account.scope}'s name.` : null);
    if (!nameless && Object.keys(faults).length === 0 && !verifying) onVerify();
  };
  return (
    <form class="panel account" onSubmit={submit} autocomplete="off" aria-label="Account and credential">
      <fieldset class="scope">
        <legend>Scope</legend>
        {(["organization", "enterprise"] as const).map((scope) => (
          <label key={scope}>
            <input type="radio" name="scope" checked={account.scope === scope} onChange={() => onAccount({...account, scope})} />
            <span>{scope === "organization" ? "Organization" : "Enterprise"}</span>
          </label>
        ))}
      </fieldset>
      <div class="field">
        <label for="slug">{enterprise ? "Enterprise" : "Organization"}</label>
        <input
          id="slug"
          value={account.slug}
          spellcheck={false}
          autocapitalize="off"
          placeholder="name, or its address on GitHub"
          onInput={(e) => onAccount({...account, slug: e.currentTarget.value})}
          aria-describedby="slug-error"
        />
        <FieldError id="slug-error" text={problem?.fieldError("slug") ?? null} />
      </div>
      <details class="host">
        <summary>Another host than github.com</summary>
        <label for="host">Host</label>
        <input
          id="host"
          value={account.host}
          spellcheck={false}
          placeholder="SUBDOMAIN.ghe.com"
          onInput={(e) => onAccount({...account, host: e.currentTarget.value})}
          aria-describedby="host-error"
        />
        <FieldError id="host-error" text={problem?.fieldError("host") ?? null} />
      </details>
      <PastedFields credential={credential} account={account} problem={problem} onChange={onPasted} onConnected={onVerify} />
      <div class="actions">
        {verifying ? (
          <Verifying since={verifying.since} onCancel={() => verifying.abort.abort()} />
        ) : (
          <button type="submit" class={verified ? "secondary" : "primary"}>
            {verified ? "Verify again" : "Verify"}
          </button>
        )}
      </div>
      <p class="error" role="alert">
        {missing}
      </p>
    </form>
  );
}

function Verifying({since, onCancel}: {since: number; onCancel: () => void}) {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setSeconds(Math.floor((performance.now() - since) / 1000)), 200);
    return () => clearInterval(timer);
  }, [since]);
  return (
    <>
      <span role="status">
        Asking GitHub… <span aria-hidden="true">{seconds} s</span>
      </span>
      <button type="button" class="secondary" onClick={onCancel}>
        Cancel
      </button>
    </>
  );
}

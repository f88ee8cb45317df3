import type {RefObject} from "preact";
import {useEffect, useState} from "preact/hooks";
import type {Problem} from "../api/client.ts";
import type {Scope} from "../api/names.ts";
import {kindOf, newTokenPage, type TokenKind} from "../token.ts";
import {Outside} from "../ui/linked.tsx";

export interface Account {
  scope: Scope;
  slug: string;
  host: string;
}

interface AccountFieldsProps {
  account: Account;
  field: RefObject<HTMLInputElement | null>;
  verified: boolean;
  verifying: {since: number; abort: AbortController} | null;
  problem: Problem | null;
  onAccount: (account: Account) => void;
  onToken: () => void;
  onVerify: () => void;
}

export function AccountFields({account, field, verified, verifying, problem, onAccount, onToken, onVerify}: AccountFieldsProps) {
  const [kind, setKind] = useState<TokenKind>({kind: "none"});
  const [missing, setMissing] = useState<string | null>(null);
  const enterprise = account.scope === "enterprise";
  const submit = (event: Event) => {
    event.preventDefault();
    const pasted = kindOf(field.current?.value ?? "");
    setKind(pasted);
    const lack =
      account.slug.trim() === ""
        ? `Type the ${account.scope}'s name.`
        : pasted.kind === "none"
          ? "Paste a token."
          : pasted.kind === "foreign"
            ? "Paste a GitHub personal access token."
            : null;
    setMissing(lack);
    if (lack === null && !verifying) onVerify();
  };
  return (
    <form class="panel account" onSubmit={submit} autocomplete="off" aria-label="Account and token">
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
      <div class="field token">
        <label for="token">
          Token <span class="small">{kind.kind === "classic" || kind.kind === "fine-grained" ? `· ${kind.what}` : ""}</span>
        </label>
        <input
          id="token"
          ref={field}
          type="password"
          autocomplete="off"
          spellcheck={false}
          aria-describedby="token-error token-help"
          onInput={(e) => {
            setKind(kindOf(e.currentTarget.value));
            onToken();
          }}
        />
        <FieldError id="token-error" text={kind.kind === "foreign" ? kind.what : (problem?.fieldError("token") ?? null)} />
      </div>
      <div class="actions">
        {verifying ? (
          <Verifying since={verifying.since} onCancel={() => verifying.abort.abort()} />
        ) : (
          <button type="submit" class={verified ? "secondary" : "primary"}>
            {verified ? "Verify again" : "Verify"}
          </button>
        )}
      </div>
      <p class="small help" id="token-help">
        No token yet? <Outside url={newTokenPage(account.scope)} title="Make one on GitHub" />, the scopes are filled in.
        {enterprise &&
          kind.kind === "fine-grained" &&
          " GitHub takes no fine-grained token for an enterprise: make a classic one."}
      </p>
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
      <p class="error" role="alert">
        {missing}
      </p>
    </form>
  );
}

export function FieldError({id, text}: {id: string; text: string | null}) {
  return (
    <p id={id} class="error" role="alert">
      {text}
    </p>
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

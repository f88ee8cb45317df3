// The fields of a credential: an App's or a token's, as somebody chooses.
import {useState} from "preact/hooks";
import type {Problem} from "../api/client.ts";
import type {Scope} from "../api/names.ts";
import {permissions} from "../rights.ts";
import {installedAppsPage, kindOf, newAppPage, newTokenPage, type TokenKind} from "../token.ts";
import {Outside} from "../ui/linked.tsx";
import {FieldError} from "../ui/panel.tsx";
import {ConnectApp} from "./connect-app.tsx";
import type {Credential, Kind} from "./pasted.ts";
import {RegisterApp} from "./register-app.tsx";

interface PastedFieldsProps {
  credential: Credential;
  account: {scope: Scope; slug: string; host: string};
  problem: Problem | null;
  prefix?: string; // of the ids
  onChange?: () => void;
  onConnected: () => void; // an owner has installed CloudMonitor's App
}

const kinds: [Kind, string][] = [
  ["app", "GitHub App (recommended)"],
  ["token", "Personal access token"],
];

/** Both kinds are there and one is shown, so that a chosen example finds its fields. */
export function PastedFields({credential, account, problem, prefix = "", onChange, onConnected}: PastedFieldsProps) {
  const {kind, faults} = credential;
  const [token, setToken] = useState<TokenKind>({kind: "none"});
  const changed = () => {
    const pasted = credential.box.current?.querySelector<HTMLInputElement>("[name=token]")?.value ?? "";
    setToken(kindOf(pasted));
    credential.clearFaults();
    credential.installing.forget();
    onChange?.();
  };
  const tokenError = token.kind === "foreign" ? token.what : (faults.token ?? problem?.fieldError("token") ?? null);
  return (
    <div class="credential" ref={credential.box}>
      <fieldset class="scope">
        <legend>Read with</legend>
        {kinds.map(([name, title]) => (
          <label key={name}>
            <input
              type="radio"
              name="credential"
              checked={kind === name}
              onChange={() => {
                credential.choose(name);
                changed();
              }}
            />
            <span>{title}</span>
          </label>
        ))}
      </fieldset>
      <p class="small">
        A GitHub App belongs to the account and not to a person, so it goes on when somebody leaves, and it never expires.
      </p>
      <div hidden={kind !== "token"} onInput={changed}>
        <div class="field token">
          <label for={`${prefix}token`}>
            Token <span class="small">{"what" in token && token.kind !== "foreign" ? `· ${token.what}` : ""}</span>
          </label>
          <input
            id={`${prefix}token`}
            name="token"
            type="password"
            autocomplete="off"
            spellcheck={false}
            aria-describedby={`${prefix}token-error ${prefix}token-help`}
          />
          <FieldError id={`${prefix}token-error`} text={tokenError} />
        </div>
        <p class="small" id={`${prefix}token-help`}>
          No token yet? <Outside url={newTokenPage(account.scope)} title="Make one on GitHub" />, the scopes are filled in.
          {account.scope === "enterprise" &&
            token.kind === "fine-grained" &&
            " GitHub takes no fine-grained token for an enterprise: make a classic one."}
        </p>
      </div>
      <div hidden={kind !== "app"} onInput={changed}>
        <ConnectApp credential={credential} onConnected={onConnected} />
        {account.scope === "organization" && <RegisterApp credential={credential} account={account} />}
        <AppFields credential={credential} problem={problem} prefix={prefix} />
        <AppSteps account={account} />
      </div>
    </div>
  );
}

/** A key of 4,096 bits has 3.3 KB. */
const longestFile = 16_384;

function AppFields({credential, problem, prefix}: {credential: Credential; problem: Problem | null; prefix: string}) {
  const {faults} = credential;
  const [fileError, setFileError] = useState<string | null>(null);
  const take = async (input: HTMLInputElement) => {
    const file = input.files?.[0];
    if (!file) return;
    const fits = file.size <= longestFile;
    setFileError(fits ? null : "This file is too long for a private key. It was not read.");
    const text = fits ? await file.text() : "";
    input.value = "";
    const key = credential.box.current?.querySelector("textarea");
    if (!fits || !key || key.closest("[hidden]")) return; // somebody went on meanwhile
    key.value = text;
    key.dispatchEvent(new Event("input", {bubbles: true}));
  };
  return (
    <>
      <div class="field">
        <label for={`${prefix}client-id`}>Client id</label>
        <input
          id={`${prefix}client-id`}
          name="clientId"
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          placeholder="Iv23…"
          aria-describedby={`${prefix}client-id-error`}
        />
        <FieldError id={`${prefix}client-id-error`} text={faults.clientId ?? problem?.fieldError("app.clientId") ?? null} />
      </div>
      <div class="field">
        <label for={`${prefix}private-key`}>Private key</label>
        <textarea
          id={`${prefix}private-key`}
          name="privateKey"
          class="secret"
          rows={3}
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          placeholder="-----BEGIN RSA PRIVATE KEY-----"
          onInput={() => setFileError(null)}
          aria-describedby={`${prefix}private-key-error`}
        />
        <FieldError
          id={`${prefix}private-key-error`}
          text={fileError ?? faults.privateKey ?? problem?.fieldError("app.privateKey") ?? null}
        />
        <label for={`${prefix}key-file`} class="small">
          or choose the .pem file; it is read in this browser:
        </label>
        <input
          id={`${prefix}key-file`}
          type="file"
          accept=".pem"
          onInput={(e) => e.stopPropagation()}
          onChange={(e) => void take(e.currentTarget)}
        />
      </div>
    </>
  );
}

function AppSteps({account}: {account: PastedFieldsProps["account"]}) {
  const enterprise = account.scope === "enterprise";
  return (
    <details class="steps" open={enterprise}>
      <summary>
        {enterprise ? "How to make the App: GitHub has no form for enterprises that could be filled in" : "Or make it by hand"}
      </summary>
      <ol>
        <li>
          An owner opens <Outside url={newAppPage(account)} title={`the ${account.scope}'s GitHub Apps`} /> and registers a new
          App. It needs a name and a homepage, which may be any address of yours, and no webhook: switch “Active” off.
        </li>
        <li>
          Give it these {account.scope} permissions, each <b>read-only</b>, and no others:
          <ul>
            {permissions[account.scope].map(({name, reads, optional}) => (
              <li key={name}>
                <b>{name}</b>: {reads}
                {optional && "; may be left out"}
                {optional && enterprise && ", and GitHub does not offer it to everybody"}
              </li>
            ))}
          </ul>
        </li>
        <li>On the App's page choose “Generate a private key”. Your browser saves a .pem file.</li>
        <li>
          On the App's page choose “Install App”, and install it on this {account.scope}. It is then listed among{" "}
          <Outside url={installedAppsPage(account)} title={`the ${account.scope}'s installed Apps`} />.
        </li>
        <li>Paste the client id from the App's page and the key here. Then delete the file from your computer.</li>
      </ol>
    </details>
  );
}

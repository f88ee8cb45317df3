// The credential of a connector: a token and its end, or an App and its permissions.
import type {Connector} from "../api/names.ts";
import * as format from "../format.ts";
import {Capabilities, DaysLeft, Lacking, credentialName, keyAge} from "../ui/status.tsx";

export function CredentialFacts({connector}: {connector: Connector}) {
  const {app, fingerprint, rotatedAt} = connector.credential;
  return (
    <dl class="facts">
      <dt>Kind</dt>
      <dd>
        {credentialName(connector)}, <code>{fingerprint}</code>
      </dd>
      {app ? <AppFacts connector={connector} app={app} /> : <TokenFacts connector={connector} />}
      <dt>Pasted</dt>
      <dd>{format.time(rotatedAt)}</dd>
      <dt>May read</dt>
      <dd>
        <Capabilities connector={connector} />
        <Lacking connector={connector} />
      </dd>
    </dl>
  );
}

function TokenFacts({connector}: {connector: Connector}) {
  const {expiresAt, expirySource, scopes} = connector.credential;
  return (
    <>
      <dt>Left</dt>
      <dd>
        <DaysLeft connector={connector} />
      </dd>
      <dt>Ends</dt>
      <dd>
        {format.fullDay(expiresAt)},{" "}
        {expirySource === "github" ? "as GitHub says" : "90 days after it was pasted, because GitHub names no end"}
      </dd>
      {scopes && (
        <>
          <dt>Scopes</dt>
          <dd>{scopes.join(", ") || "none"}</dd>
        </>
      )}
    </>
  );
}

function AppFacts({connector, app}: {connector: Connector; app: NonNullable<Connector["credential"]["app"]>}) {
  const fingerprint = connector.credential.keyFingerprint ?? null;
  const permissions = app.permissions && Object.entries(app.permissions).map(([name, level]) => `${name}: ${level}`);
  return (
    <>
      <dt>App</dt>
      <dd>{app.slug ?? "GitHub did not tell its name"}</dd>
      <dt>Client id</dt>
      <dd>
        <code>{app.clientId}</code>
      </dd>
      <dt>Key</dt>
      <dd>
        {fingerprint ? (
          <>
            <code>{fingerprint}</code>, {keyAge(connector)}
          </>
        ) : (
          "none that you keep"
        )}
      </dd>
      <dt>Ends</dt>
      <dd>never{fingerprint && "; a mail asks for a new key a year after it was pasted"}</dd>
      <dt>Permissions</dt>
      <dd>{permissions ? permissions.join(", ") || "none" : "GitHub did not tell them"}</dd>
      <dt>Suspended</dt>
      <dd>{app.suspended ? "yes, so GitHub lets it read nothing" : "no"}</dd>
    </>
  );
}

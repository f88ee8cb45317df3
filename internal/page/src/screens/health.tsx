// Is it working, who hears of it when not, and how to change or end it.
import type {AuditEvent, Connector, Day} from "../api/names.ts";
import {useClient, useResource} from "../api/resource.ts";
import * as format from "../format.ts";
import {Linked} from "../ui/linked.tsx";
import {Loaded, Panel} from "../ui/panel.tsx";
import {Capabilities, DaysLeft, Lacking, credentialName, progressOf} from "../ui/status.tsx";
import {useWork, Said} from "../ui/work.tsx";
import type {OfConnector} from "./ofconnector.ts";
import {DeleteForm, RotateForm, SettingsForm} from "./health-forms.tsx";
import {useUsage} from "./reads.ts";

export function Health({connector, reload}: OfConnector) {
  return (
    <div class="stacks">
      <Polls connector={connector} reload={reload} />
      <Panel title="Token">
        <dl class="facts">
          <dt>Kind</dt><dd>{credentialName(connector)}, <code>{connector.credential.fingerprint}</code></dd>
          <dt>Left</dt><dd><DaysLeft connector={connector} /></dd>
          <dt>Ends</dt><dd>{format.fullDay(connector.credential.expiresAt)}, {connector.credential.expirySource === "github" ? "as GitHub says" : "90 days after it was pasted, for GitHub names no end"}</dd>
          <dt>Pasted</dt><dd>{format.time(connector.credential.rotatedAt)}</dd>
          {connector.credential.scopes && <><dt>Scopes</dt><dd>{connector.credential.scopes.join(", ") || "none"}</dd></>}
          <dt>May read</dt><dd><Capabilities connector={connector} /><Lacking connector={connector} /></dd>
        </dl>
        <RotateForm connector={connector} onRotated={reload} />
      </Panel>
      <Panel title="Settings and mail">
        <Recipients connector={connector} />
        <SettingsForm connector={connector} onSaved={reload} />
      </Panel>
      <Unread connector={connector} />
      <Audit connector={connector} />
      <Panel title="Stop and delete" class="danger"><DeleteForm connector={connector} /></Panel>
    </div>
  );
}

function Polls({connector, reload}: {connector: Connector; reload: () => void}) {
  const client = useClient();
  const {busy, problem, run} = useWork();
  const poll = connector.lastPoll;
  const words = {ok: "all read", partial: "partly read", failed: "nothing read"};
  const pollNow = () => run(async () => {
    await client.send("POST", `/connectors/${connector.id}/poll`);
    setTimeout(reload, 1500);
  });
  return (
    <Panel title="Polls" note="every day at 06:00">
      <dl class="facts">
        <dt>Last</dt><dd>{poll ? `${format.time(poll.at)}: ${words[poll.outcome]}` : "none is over yet"}</dd>
        {poll && <><dt>It said</dt><dd><Linked text={poll.detail} /></dd></>}
        {progressOf(connector) && <><dt>Days</dt><dd>{progressOf(connector)}</dd></>}
        <dt>Known from</dt><dd>{format.fullDay(connector.firstDay)}</dd>
        <dt>Final to</dt><dd>{format.fullDay(connector.latestFinalDay)}</dd>
      </dl>
      <p class="buttons"><button type="button" class="secondary" disabled={busy} onClick={pollNow}>Poll now</button> <button type="button" class="quiet" onClick={reload}>Look again</button></p>
      <Said problem={problem} />
    </Panel>
  );
}

const recipientStates = {confirmed: "is told", pending: "has not clicked the link in the invitation yet", not_subscribed: "is not subscribed; save the settings to invite again"};

function Recipients({connector}: {connector: Connector}) {
  const states = new Map((connector.recipients ?? []).map((r) => [r.email, r.state]));
  const {nextMail, notifyEmails} = connector;
  const about = nextMail && (nextMail.kind === "expired" ? "the token has ended" : `the token ends in ${format.some(nextMail.daysLeft, "day")}`);
  return (
    <>
      {notifyEmails.length === 0 ? <p class="reason">Nobody is told by mail. Name somebody below{nextMail && `: on ${format.day(nextMail.date)} it is time to say that ${about}`}.</p> : (
        <>
          <ul class="recipients">{notifyEmails.map((email) => {
            const state = states.get(email);
            return <li key={email}><b>{email}</b>{state && ` ${recipientStates[state]}`}</li>;
          })}</ul>
          {nextMail && <p>The next mail goes out on {format.day(nextMail.date)}: {about}.</p>}
        </>
      )}
      <p class="small">Mails go out 14, 7, 3 and 1 days before the token ends, when it has ended, when GitHub stops handing out reports, and when it does so again.</p>
    </>
  );
}

/** Days of the last 28 that are not there, and those that GitHub has restated. */
function Unread({connector}: {connector: Connector}) {
  const usage = useUsage(connector);
  const lists = (days: Day[], of: (d: Day) => boolean) => days.filter(of).map((d) => format.day(d.date)).join(", ");
  return (
    <Panel title="Days" note="the last 28">
      <Loaded from={usage}>
        {({days}) => {
          const pending = lists(days, (d) => d.state === "pending");
          const missing = lists(days, (d) => d.state === "missing");
          const restated = days.filter((d) => d.revision > 1);
          return (
            <dl class="facts">
              <dt>Still expected</dt><dd>{pending || "none"}</dd>
              <dt>No longer expected</dt><dd>{missing || "none"}</dd>
              <dt>Restated by GitHub</dt><dd>{restated.length === 0 ? "none" : restated.map((d) => `${format.day(d.date)}, ${format.some(d.revision - 1, "time")}, last read ${format.time(d.fetchedAt)}`).join("; ")}</dd>
            </dl>
          );
        }}
      </Loaded>
    </Panel>
  );
}

const actions: Record<AuditEvent["action"], string> = {
  saved: "Saved", changed: "Changed", rotated: "Token replaced", poll_asked: "Poll asked for", deleted: "Deleted", status_changed: "Status",
};

function Audit({connector}: {connector: Connector}) {
  const audit = useResource(`audit ${connector.id} ${connector.updatedAt}`, (client, signal) => client.get<{events: AuditEvent[]}>(`/connectors/${connector.id}/audit`, {signal}));
  return (
    <Panel title="Who changed what" note="newest first">
      <Loaded from={audit} empty={(a) => (a.events.length === 0 ? "Nothing has been changed yet." : null)}>
        {(a) => (
          <div class="scroll" tabIndex={0} role="region" aria-label="Changes, newest first">
            <table>
              <thead><tr><th scope="col">When</th><th scope="col">Who</th><th scope="col">What</th></tr></thead>
              <tbody>{a.events.map((e, i) => <tr key={i}><td>{format.time(e.at)}</td><td>{e.actor}</td><td class="wraps"><b>{actions[e.action]}</b> {e.detail}</td></tr>)}</tbody>
            </table>
          </div>
        )}
      </Loaded>
    </Panel>
  );
}

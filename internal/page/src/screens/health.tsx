// Health: whether polls work, who gets mail, and how to change or delete the connector.
import type {Connector} from "../api/names.ts";
import {useClient} from "../api/resource.ts";
import * as format from "../format.ts";
import {Linked} from "../ui/linked.tsx";
import {Panel} from "../ui/panel.tsx";
import {progressOf} from "../ui/status.tsx";
import {useWork, Said} from "../ui/work.tsx";
import type {OfConnector} from "./ofconnector.ts";
import {CredentialFacts} from "./health-credential.tsx";
import {DeleteForm, RotateForm, SettingsForm} from "./health-forms.tsx";
import {Recipients} from "./health-mail.tsx";
import {Audit, Unread} from "./health-record.tsx";

export function Health({connector, reload}: OfConnector) {
  return (
    <div class="stacks">
      <Polls connector={connector} reload={reload} />
      <Panel title="Credential">
        <CredentialFacts connector={connector} />
        <RotateForm connector={connector} onRotated={reload} />
      </Panel>
      <Panel title="Settings and mail">
        <Recipients connector={connector} />
        <SettingsForm connector={connector} onSaved={reload} />
      </Panel>
      <Unread connector={connector} />
      <Audit connector={connector} />
      <Panel title="Stop and delete" class="danger">
        <DeleteForm connector={connector} />
      </Panel>
    </div>
  );
}

function Polls({connector, reload}: {connector: Connector; reload: () => void}) {
  const client = useClient();
  const {busy, problem, run} = useWork();
  const poll = connector.lastPoll;
  const words = {ok: "all read", partial: "partly read", failed: "nothing read"};
  const pollNow = () =>
    run(async () => {
      await client.send("POST", `/connectors/${connector.id}/poll`);
      setTimeout(reload, 1500);
    });
  return (
    <Panel title="Polls" note="every day at 06:00">
      <dl class="facts">
        <dt>Last</dt>
        <dd>{poll ? `${format.time(poll.at)}: ${words[poll.outcome]}` : "none is over yet"}</dd>
        {poll && (
          <>
            <dt>It said</dt>
            <dd>
              <Linked text={poll.detail} />
            </dd>
          </>
        )}
        {progressOf(connector) && (
          <>
            <dt>Days</dt>
            <dd>{progressOf(connector)}</dd>
          </>
        )}
        <dt>Known from</dt>
        <dd>{format.fullDay(connector.firstDay)}</dd>
        <dt>Final to</dt>
        <dd>{format.fullDay(connector.latestFinalDay)}</dd>
      </dl>
      <p class="buttons">
        <button type="button" class="secondary" disabled={busy} onClick={pollNow}>
          Poll now
        </button>{" "}
        <button type="button" class="quiet" onClick={reload}>
          Look again
        </button>
      </p>
      <Said problem={problem} />
    </Panel>
  );
}

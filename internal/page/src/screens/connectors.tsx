// A card for each connector of the tenant.
import type {Connector} from "../api/names.ts";
import {useResource} from "../api/resource.ts";
import * as format from "../format.ts";
import {whyUnknown} from "../reasons.ts";
import {hrefOf} from "../route.ts";
import {newTokenPage} from "../token.ts";
import {Figure, Stated} from "../ui/figure.tsx";
import {Linked, Outside} from "../ui/linked.tsx";
import {Loaded} from "../ui/panel.tsx";
import {
  Capabilities,
  DaysLeft,
  Lacking,
  Status,
  accountName,
  credentialName,
  planName,
  progressOf,
  readAt,
  settledTo,
} from "../ui/status.tsx";
import {useCost, useUsage} from "./reads.ts";
import {lacksOf, spend} from "./spend.ts";

interface Page {
  connectors: Connector[];
  next: string | null;
}

export function Connectors() {
  const list = useResource(
    "connectors",
    async (client, signal) => (await client.all<Page, Connector>("/connectors", {}, (p) => p.connectors, signal)).rows,
  );
  return (
    <>
      <header class="title">
        <div>
          <h1>GitHub Copilot connectors</h1>
          <p class="lede">What Copilot costs, who uses it, and what nobody uses.</p>
        </div>
        {list.value !== null && list.value.length > 0 && (
          <a class="button" href="#/add">
            Add a connector
          </a>
        )}
      </header>
      <Loaded from={list}>
        {(connectors) =>
          connectors.length === 0 ? (
            <Guide />
          ) : (
            <div class="cards">
              {troubledFirst(connectors).map((c) => (
                <Card key={c.id} connector={c} />
              ))}
            </div>
          )
        }
      </Loaded>
    </>
  );
}

const urgency: Record<Connector["status"], number> = {expired: 0, degraded: 1, backfilling: 2, active: 2};

function troubledFirst(connectors: Connector[]): Connector[] {
  return connectors.toSorted((a, b) => urgency[a.status] - urgency[b.status] || a.slug.localeCompare(b.slug));
}

function Guide() {
  return (
    <section class="panel guide" aria-labelledby="guide">
      <h2 id="guide">Connect the first account</h2>
      <ol>
        <li>
          <b>Switch usage metrics on.</b> An owner opens the account's Copilot policies on GitHub and enables “Copilot usage
          metrics”. <Outside url="https://docs.github.com/en/copilot/how-tos/administer-copilot" title="GitHub's guide" />
        </li>
        <li>
          <b>Let it in.</b> Best is a GitHub App, which goes on when somebody leaves and never expires: “Add a connector” makes
          one with an owner. Otherwise an owner creates a token; the scopes are filled in:{" "}
          <Outside url={newTokenPage("organization")} title="for an organization" /> or{" "}
          <Outside url={newTokenPage("enterprise")} title="for an enterprise" />. Choose an expiry of at most 90 days.
        </li>
        <li>
          <b>Verify and look.</b> You see the last 14 days before anything is stored.
        </li>
      </ol>
      <a class="button" href="#/add">
        Add a connector
      </a>
    </section>
  );
}

function Card({connector}: {connector: Connector}) {
  const poll = connector.lastPoll;
  const settled = settledTo(connector, useUsage(connector).value);
  return (
    <article class="panel card" aria-labelledby={`card-${connector.id}`}>
      <header>
        <div>
          <h2 id={`card-${connector.id}`}>
            <a href={hrefOf(connector.id, "overview")}>{connector.slug}</a>
          </h2>
          <p class="small">
            {accountName(connector)} · {planName(connector.plan)}
          </p>
        </div>
        <Status connector={connector} />
      </header>
      {connector.statusReason && (
        <p class="reason">
          <Linked text={connector.statusReason} />
        </p>
      )}
      <Stated as={readAt(connector)}>
        <Money connector={connector} />
      </Stated>
      <dl class="facts">
        <dt>Credential</dt>
        <dd>
          {credentialName(connector)} <DaysLeft connector={connector} />{" "}
          <a href={hrefOf(connector.id, "health")}>Replace {connector.credential.kind === "github_app" ? "key" : "token"}</a>
        </dd>
        <dt>Last poll</dt>
        <dd>{poll ? `${format.time(poll.at)}: ${poll.detail}` : (progressOf(connector) ?? "not yet")}</dd>
        {settled && (
          <>
            <dt>Numbers</dt>
            <dd>{settled}</dd>
          </>
        )}
      </dl>
      <Capabilities connector={connector} />
      <Lacking connector={connector} />
    </article>
  );
}

function Money({connector}: {connector: Connector}) {
  const cost = useCost(connector);
  return (
    <Loaded from={cost}>
      {(c) => (
        <div class="card-money">
          <Figure
            of="totalSpend"
            label={`In ${format.month(c.month)} so far`}
            value={format.money(spend(c))}
            beside={format.marked(spend(c))}
            detail={spend(c) ? lacksOf(connector, c) : whyUnknown(connector, c, "seatCost", "totalSpend")}
          />
          <Figure
            of="idleSeatCost"
            label="Idle seats"
            value={format.money(c.idleSeatCost)}
            beside="a month"
            tone={format.amount(c.idleSeatCost) ? "warn" : "plain"}
            detail={c.idleSeatCost ? null : whyUnknown(connector, c, "idleSeatCost")}
          />
        </div>
      )}
    </Loaded>
  );
}

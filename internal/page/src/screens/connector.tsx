// One connector: its state, and its tabs.
import {useEffect} from "preact/hooks";
import type {Connector} from "../api/names.ts";
import {useResource, type Resource} from "../api/resource.ts";
import * as format from "../format.ts";
import {hrefOf, tabs, type Tab} from "../route.ts";
import {Stated} from "../ui/figure.tsx";
import {Linked} from "../ui/linked.tsx";
import {Failure, Loaded} from "../ui/panel.tsx";
import {Status, accountName, credentialName, planName, progressOf, readAt, settledTo} from "../ui/status.tsx";
import {CostTab} from "./cost.tsx";
import {Health} from "./health.tsx";
import {Overview} from "./overview.tsx";
import {PeopleTab} from "./people.tsx";
import {SeatsTab} from "./seats.tsx";
import {TeamsTab} from "./teams.tsx";
import type {OfConnector} from "./ofconnector.ts";
import {useUsage} from "./reads.ts";
import {UsageTab} from "./usage.tsx";

interface TabProps {
  id: string;
  tab: Tab;
  query: URLSearchParams;
  onView: (title: string) => void;
}

const lookAgainAfter = 1500;

export function ConnectorScreen({id, tab, query, onView}: TabProps) {
  const connector = useResource(`connector ${id}`, (client, signal) => client.get<Connector>(`/connectors/${id}`, {signal}));
  useFollowing(connector);
  const slug = connector.value?.slug;
  useEffect(() => {
    if (slug !== undefined) onView(`${slug}, ${tab}`);
  }, [slug, tab]);
  if (connector.value === null && connector.problem) {
    return (
      <>
        <nav class="crumbs" aria-label="Place">
          <a href="#/">Connectors</a>
        </nav>
        <h1>Connector</h1>
        <Failure problem={connector.problem} again={connector.reload} />
      </>
    );
  }
  return (
    <Loaded from={connector}>
      {(c) => (
        <>
          <nav class="crumbs" aria-label="Place">
            <a href="#/">Connectors</a> › {c.slug}
          </nav>
          <Title connector={c} />
          <nav class="tabs" aria-label={c.slug}>
            {tabs.map((t) => (
              <a key={t} href={hrefOf(id, t)} {...(t === tab && {"aria-current": "page" as const})}>
                {format.capitalised(t)}
              </a>
            ))}
          </nav>
          <Stated as={readAt(c)}>
            <TabOf connector={c} tab={tab} query={query} reload={connector.reload} />
          </Stated>
        </>
      )}
    </Loaded>
  );
}

/** Reports whether days are still being read. */
function isReading({status, daysRead, daysExpected}: Connector): boolean {
  return (
    status === "backfilling" ||
    (status === "active" && !!daysExpected && daysRead !== null && daysRead !== undefined && daysRead < daysExpected)
  );
}

/** Reads the connector again while its days are being read. */
function useFollowing({value, readAt, reload}: Resource<Connector>) {
  useEffect(() => {
    if (!value || !isReading(value)) return;
    const timer = setTimeout(reload, lookAgainAfter);
    return () => clearTimeout(timer);
  }, [value, readAt]);
}

function Title({connector: c}: {connector: Connector}) {
  const settled = settledTo(c, useUsage(c).value);
  const progress = isReading(c) ? (progressOf(c) ?? "the newest days come first") : null;
  return (
    <>
      <header class="title">
        <div>
          <h1>{c.slug}</h1>
          <p class="lede">
            {accountName(c)} · {planName(c.plan)} · {credentialName(c)}
          </p>
        </div>
        <ul class="chips" aria-label="State">
          <li>
            <Status connector={c} />
          </li>
          {progress && (
            <li class="chip">
              <span role="status">{progress}</span>
            </li>
          )}
          {settled && <li class="chip">{settled}</li>}
          {c.credential.daysLeft !== null && c.status !== "expired" && (
            <li class={`chip ${c.credential.daysLeft <= 14 ? "chip-warn" : ""}`}>
              token {c.credential.expirySource === "github" ? "ends" : "to be replaced"} in{" "}
              {format.some(c.credential.daysLeft, "day")}
            </li>
          )}
        </ul>
      </header>
      {c.statusReason && (
        <div class="reason panel">
          <p>
            <Linked text={c.statusReason} />
          </p>
          {c.status === "expired" && (
            <a class="button" href={hrefOf(c.id, "health")}>
              Replace the credential
            </a>
          )}
        </div>
      )}
    </>
  );
}

function TabOf({tab, ...of}: OfConnector & {tab: Tab}) {
  switch (tab) {
    case "usage":
      return <UsageTab {...of} />;
    case "people":
      return <PeopleTab {...of} />;
    case "teams":
      return <TeamsTab {...of} />;
    case "seats":
      return <SeatsTab {...of} />;
    case "cost":
      return <CostTab {...of} />;
    case "health":
      return <Health {...of} />;
    default:
      return <Overview {...of} />;
  }
}

// A connector's status. Words and a shape tell it, never a colour alone.
import type {Connector, Usage} from "../api/names.ts";
import * as format from "../format.ts";
import {Icon, type IconName} from "./icon.tsx";

const statuses: Record<Connector["status"], {icon: IconName; word: string}> = {
  backfilling: {icon: "work", word: "Reading its days"},
  active: {icon: "pass", word: "Active"},
  degraded: {icon: "warn", word: "Partly working"},
  expired: {icon: "fail", word: "Credential refused"},
};

export function Status({connector}: {connector: Connector}) {
  const {icon, word} = statuses[connector.status];
  return (
    <span class={`chip status-${connector.status}`}>
      <Icon name={icon} /> {word}
    </span>
  );
}

const kinds: Record<Connector["credential"]["kind"], string> = {
  classic_pat: "classic token",
  fine_grained_pat: "fine-grained token",
  github_app: "GitHub App",
  github_app_installation: "CloudMonitor's GitHub App",
};

export function credentialName({credential}: Connector): string {
  const kind = kinds[credential.kind] ?? "credential";
  return credential.login ? `@${credential.login}'s ${kind}` : kind;
}

/** Returns the age of an App's key. It is counted from the day when somebody pasted the key. */
export function keyAge({credential, lastPoll}: Connector): string {
  const now = Math.max(Date.now(), Date.parse(lastPoll?.at ?? credential.rotatedAt));
  return `${format.some(format.daysBetween(credential.rotatedAt, now), "day")} old`;
}

/** Shows how many days a token is still valid. The whole bar stands for 90 days. */
export function DaysLeft({connector}: {connector: Connector}) {
  const {daysLeft, expirySource} = connector.credential;
  if (connector.status === "expired") return <span class="small">GitHub refuses it</span>;
  if (connector.credential.kind === "github_app") return <span class="small">does not end, key {keyAge(connector)}</span>;
  if (daysLeft === null) return <span class="small">no end known</span>;
  const verb = expirySource === "github" ? "ends" : "to be replaced";
  return (
    <span class="days-left">
      <span class="bar">
        <span class={daysLeft <= 14 ? "fill fill-warn" : "fill"} style={{width: `${Math.min(100, (daysLeft / 90) * 100)}%`}} />
      </span>{" "}
      <span class="small">
        {verb} in {format.some(daysLeft, "day")}
      </span>
    </span>
  );
}

const capabilityNames = {usage: "Usage", users: "People", seats: "Seats", billing: "Bills"} as const;
const lacking = {
  usage: "GitHub does not let it read usage reports.",
  users: "GitHub does not let it read per-person reports, so people are not counted over a range.",
  seats: "GitHub does not let it read seats, so idle seats and their cost are not known.",
  billing: "GitHub does not let it read bills, so amounts beyond the pool are not known.",
} as const;

export function Capabilities({connector}: {connector: Connector}) {
  const names = Object.keys(capabilityNames) as (keyof typeof capabilityNames)[];
  return (
    <ul class="chips" aria-label="What may be read">
      {names.map((name) => {
        const state = connector.capabilities[name];
        const icon = state === "ok" ? "pass" : state === "denied" ? "fail" : "skip";
        return (
          <li key={name} class={`chip capability-${state}`}>
            <Icon name={icon} /> {capabilityNames[name]}
            <span class="hidden">: {state === "ok" ? "readable" : state}</span>
          </li>
        );
      })}
    </ul>
  );
}

export function Lacking({connector}: {connector: Connector}) {
  const denied = (Object.keys(lacking) as (keyof typeof lacking)[]).filter((name) => connector.capabilities[name] === "denied");
  return denied.length === 0 ? null : <p class="small">{denied.map((name) => lacking[name]).join(" ")}</p>;
}

export function accountName(connector: Pick<Connector, "scope" | "host">): string {
  return `${format.capitalised(connector.scope)} on ${connector.host}`;
}

export function planName(plan: Connector["plan"]): string {
  return {business: "Copilot Business", enterprise: "Copilot Enterprise", unknown: "plan not known"}[plan];
}

/** Returns "final to Nov 23, provisional to Nov 25", or null if there is no day yet. */
export function settledTo({latestFinalDay}: Connector, usage: Usage | null): string | null {
  const provisional = usage?.days.findLast((d) => d.state === "provisional")?.date;
  const parts = [
    latestFinalDay && `final to ${format.day(latestFinalDay)}`,
    provisional && `provisional to ${format.day(provisional)}`,
  ];
  return parts.filter(Boolean).join(", ") || null;
}

/** Tells when GitHub was asked last. */
export function readAt({lastPoll}: Connector): string {
  return lastPoll ? `GitHub was asked last on ${format.time(lastPoll.at)}.` : "GitHub has not been asked yet.";
}

/** Returns "28 of 351 days read", or null if the API does not count the days. */
export function progressOf(connector: Connector): string | null {
  const {daysRead, daysExpected} = connector;
  if (daysRead === null) return null;
  return daysExpected
    ? `${format.count(daysRead)} of ${format.some(daysExpected, "day")} read`
    : `${format.some(daysRead, "day")} read`;
}

// The next things to do: at most five lines, most with money or a date.
import type {ComponentChildren} from "preact";
import type {Connector, Cost, Users} from "../api/names.ts";
import type {Resource} from "../api/resource.ts";
import * as format from "../format.ts";
import {hrefOf} from "../route.ts";
import {Loaded} from "../ui/panel.tsx";
import {useHeaviest} from "./reads.ts";

interface Line {
  title: string;
  detail: ComponentChildren;
  worth: string;
  href: string;
}

export function DoNext({connector, cost}: {connector: Connector; cost: Resource<Cost>}) {
  return <Loaded from={cost}>{(c) => <Lines connector={connector} cost={c} />}</Loaded>;
}

function Lines({connector, cost}: {connector: Connector; cost: Cost}) {
  const heaviest = useHeaviest(connector, cost);
  const lines = linesFor(connector, cost, heaviest.value).slice(0, 5);
  if (lines.length === 0) return <p class="empty">Nothing needs you today.</p>;
  return (
    <ol class="do-next">
      {lines.map((l) => (
        <li key={l.title}>
          <a href={l.href}>
            <b>{l.title}</b>
          </a>{" "}
          <span class="worth">{l.worth}</span>
          <p class="small">{l.detail}</p>
        </li>
      ))}
    </ol>
  );
}

function linesFor(connector: Connector, cost: Cost, users: Users | null): Line[] {
  const {credential, capabilities, id} = connector;
  const to = (tab: "seats" | "people" | "cost" | "health") => hrefOf(id, tab);
  const money = [
    format.amount(cost.idleSeatCost)
      ? {
          amount: format.amount(cost.idleSeatCost)!,
          title: "Take back idle seats",
          worth: `${format.money(cost.idleSeatCost)} / month`,
          detail: "Choose them and copy the command for GitHub.",
          href: hrefOf(id, "seats", {show: "waste"}),
        }
      : null,
    format.amount(cost.projected?.billed)
      ? {
          amount: format.amount(cost.projected!.billed)!,
          title: "Look at credits beyond the pool",
          worth: format.money(cost.projected!.billed),
          detail: "More than the included credits will be used by the month's end, at this pace.",
          href: to("cost"),
        }
      : null,
  ].filter((l) => l !== null);
  const lines: (Line | null)[] = [
    connector.status === "expired"
      ? {title: "Replace the credential", worth: "now", detail: "GitHub refuses it, so nothing new is read.", href: to("health")}
      : null,
    connector.status !== "expired" && credential.daysLeft !== null && credential.daysLeft <= 30
      ? {
          title: `Replace the token within ${format.some(credential.daysLeft, "day")}`,
          worth: format.day(credential.expiresAt),
          detail: "After that nothing new is read.",
          href: to("health"),
        }
      : null,
    ...money.toSorted((a, b) => b.amount - a.amount),
    heaviest(users, cost.credits.used, to("people")),
    cost.warnings.length > 0
      ? {title: "Set a budget that stops spending", worth: "no limit", detail: cost.warnings.join(" "), href: to("cost")}
      : null,
    capabilities.seats === "denied"
      ? {
          title: "Let the token list seats",
          worth: "idle money",
          detail: "Who is idle, and what that costs, is not known.",
          href: to("seats"),
        }
      : null,
    capabilities.billing === "denied"
      ? {
          title: "Let the token read bills",
          worth: "billed amounts",
          detail: "What GitHub charges beyond the pool is not known. Cost says under “Not known” what that takes.",
          href: to("cost"),
        }
      : null,
    connector.notifyEmails.length === 0
      ? {
          title: "Name somebody to be told by mail",
          worth: format.day(credential.expiresAt),
          detail: "Nobody would hear that the token ends.",
          href: to("health"),
        }
      : null,
  ];
  return lines.filter((l) => l !== null);
}

/** Returns a line if three people use more than a fifth of the credits. */
function heaviest(people: Users | null, used: number | null, href: string): Line | null {
  const three = people?.users.slice(0, 3) ?? [];
  if (!used || (people?.total ?? 0) < 10) return null;
  const ofThree = three.reduce((sum, p) => sum + (p.creditsUsed ?? 0), 0);
  const share = ofThree / used;
  if (!(share > 0.2)) return null;
  return {
    title: `Three people use ${format.rate(share)} of the credits`,
    worth: `${format.quantity(ofThree)} credits`,
    detail: three.map((p) => p.login).join(", "),
    href,
  };
}

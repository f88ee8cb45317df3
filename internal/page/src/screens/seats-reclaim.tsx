// Offers a file and GitHub commands for the chosen seats. The page sends nothing to GitHub.
import type {Connector, Seat} from "../api/names.ts";
import * as format from "../format.ts";
import {hrefOf} from "../route.ts";
import {Copy} from "../ui/copy.tsx";
import {cell, saveFile} from "../ui/save.ts";

/** Matches names that are safe in a shell. */
const plain = /^[A-Za-z0-9][A-Za-z0-9_-]*$/;

export function Reclaim({connector, chosen}: {connector: Connector; chosen: Seat[]}) {
  if (chosen.length === 0)
    return <p class="small">Choose seats to save them as CSV, or to copy the command that takes them back.</p>;
  const {lines, left} = connector.people === "named" ? commands(connector, chosen) : {lines: [], left: 0};
  return (
    <section class="reclaim" aria-label="Take seats back">
      <p class="buttons">
        <button
          type="button"
          class="secondary"
          onClick={() => saveFile(`${connector.slug}-seats-chosen.csv`, new Blob([csv(chosen)], {type: "text/csv"}))}
        >
          Save {format.some(chosen.length, "seat")} as CSV
        </button>
        {lines.length > 0 && <Copy title="Copy the commands" text={lines.join("\n")} />}
      </p>
      {lines.length > 0 && (
        <>
          <pre tabIndex={0} aria-label="Commands for GitHub's command line">
            {lines.join("\n")}
          </pre>
          <p class="small">
            Run them where <code>gh</code> is signed in as an owner. They are never sent from here; a seat taken back is billed
            until the cycle ends.
          </p>
        </>
      )}
      {connector.people !== "named" && (
        <p class="small">
          GitHub knows nobody by a pseudonym, so there are no commands. <a href={hrefOf(connector.id, "health")}>Health</a> shows
          people by name again.
        </p>
      )}
      {left > 0 && (
        <p class="small">
          {format.some(left, "seat")} left out: which organization gave {left === 1 ? "it" : "them"} is not known, or a name holds
          characters that no GitHub name has.
        </p>
      )}
    </section>
  );
}

/** Returns the commands that take seats back. GitHub takes back a seat of a team only when the person leaves the team. */
export function commands(connector: Connector, chosen: Seat[]): {lines: string[]; left: number} {
  const lines: string[] = [];
  const direct = new Map<string, string[]>();
  let left = 0;
  for (const seat of chosen) {
    const organization = seat.organization ?? (connector.scope === "organization" ? connector.slug : null);
    if (!organization || !seat.login || ![organization, seat.login, seat.team ?? "x"].every((n) => plain.test(n))) left++;
    else if (seat.team) lines.push(`gh api --method DELETE /orgs/${organization}/teams/${seat.team}/memberships/${seat.login}`);
    else direct.set(organization, [...(direct.get(organization) ?? []), seat.login]);
  }
  for (const [organization, logins] of direct) {
    lines.unshift(
      `gh api --method DELETE /orgs/${organization}/copilot/billing/selected_users ${logins.map((l) => `-f 'selected_usernames[]=${l}'`).join(" ")}`,
    );
  }
  return {lines, left};
}

function csv(seats: Seat[]): string {
  const rows = seats.map((s) => [
    s.login,
    s.status,
    s.organization,
    s.team,
    s.idleDays,
    s.lastActiveDay,
    s.monthlyCost?.amount,
    s.monthlyCost?.currency,
  ]);
  return (
    [["login", "status", "organization", "team", "idleDays", "lastActiveDay", "monthlyCost", "currency"], ...rows]
      .map((r) => r.map(cell).join(","))
      .join("\r\n") + "\r\n"
  );
}

// The proof: GitHub's numbers of the last fourteen days. They are shown before anything is stored.
import type {Verification} from "../api/names.ts";
import * as format from "../format.ts";
import {Outside} from "../ui/linked.tsx";
import {Stated} from "../ui/figure.tsx";
import {Panel} from "../ui/panel.tsx";
import {Breakdowns} from "./breakdowns.tsx";
import {Headline, stateOf} from "./headline.tsx";
import {PeopleADay} from "./people-a-day.tsx";

type Preview = NonNullable<Verification["preview"]>;

export function Proof({preview, account}: {preview: Preview; account: Verification["account"]}) {
  return (
    <div class="proof">
      <h2>The last 14 days</h2>
      <Stated as={stateOf(preview)}>
        <Headline days={preview.days} totals={preview.totals} />
        <PeopleADay days={preview.days} note={<Outside url={insights(account)} title="Compare with GitHub" />} />
        <Breakdowns totals={preview.totals} />
      </Stated>
      <SeatLine seats={preview.seats} />
    </div>
  );
}

/** Returns the address of GitHub's own page with these numbers. */
export function insights({host, scope, slug}: Pick<Verification["account"], "host" | "scope" | "slug">): string {
  const base = `https://${host}/${scope === "enterprise" ? "enterprises" : "orgs"}/${encodeURIComponent(slug ?? "")}`;
  return `${base}/insights/copilot`;
}

function SeatLine({seats}: {seats: Preview["seats"]}) {
  if (!seats)
    return (
      <Panel title="Seats">
        <p class="empty">The token may not read seats, so idle seats and their cost are not known.</p>
      </Panel>
    );
  return (
    <Panel title="Seats" of="idleSeatCost">
      <p class="seat-line">
        <strong>
          {format.some(seats.total, "seat")} · {format.money(seats.monthlyCost)} a month
        </strong>{" "}
        {format.count(seats.idle.count)} idle for more than {format.some(seats.idleAfterDays, "day")} (
        {format.money(seats.idle.monthlyCost)}), {format.count(seats.neverUsed.count)} never used (
        {format.money(seats.neverUsed.monthlyCost)}){seats.monthlyCost?.estimated && " · by list price, estimated"}
      </p>
    </Panel>
  );
}

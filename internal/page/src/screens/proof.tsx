// The proof: the last fourteen days as GitHub reports them, drawn before anything is stored.
import type {ComponentChildren} from "preact";
import type {Breakdown, Day, Totals, Usage, Verification} from "../api/names.ts";
import {Bars} from "../charts/bars.tsx";
import {Days} from "../charts/days.tsx";
import {Sparkline} from "../charts/sparkline.tsx";
import type {Explained} from "../explain.ts";
import * as format from "../format.ts";
import {Figure} from "../ui/figure.tsx";
import {Outside} from "../ui/linked.tsx";
import {Panel} from "../ui/panel.tsx";
import {Short} from "./short.tsx";

type Preview = NonNullable<Verification["preview"]>;

export function Proof({preview, account}: {preview: Preview; account: Verification["account"]}) {
  return (
    <div class="proof">
      <h2>The last 14 days</h2>
      <Headline days={preview.days} totals={preview.totals} />
      <People days={preview.days} note={<Outside url={insights(account)} title="Compare with GitHub" />} />
      <Breakdowns totals={preview.totals} />
      <SeatLine seats={preview.seats} />
    </div>
  );
}

/** GitHub's own page of the same numbers. */
export function insights({host, scope, slug}: Pick<Verification["account"], "host" | "scope" | "slug">): string {
  const base = `https://${host}/${scope === "enterprise" ? "enterprises" : "orgs"}/${encodeURIComponent(slug)}`;
  return `${base}/insights/copilot`;
}

/** A figure of a range, of which the days have a course. */
interface RangeFigure {
  of: Explained;
  label: string;
  value: (t: Totals) => number | null | undefined;
  text: (value: number | null | undefined) => string;
  detail: (t: Totals) => string | null;
  course: (d: Day) => number | null;
  change?: typeof format.change;
}

const rangeFigures: RangeFigure[] = [
  {of: "activeUsers", label: "Active people", value: (t) => t.activeUsers, text: format.count, detail: whyNoPeople, course: (d) => d.activeUsers},
  {of: "engagedUsers", label: "Engaged people", value: (t) => t.engagedUsers, text: format.count, detail: shareEngaged, course: (d) => d.engagedUsers},
  {of: "acceptanceRate", label: "Completions accepted", value: (t) => t.completions?.acceptanceRate, text: format.rate, detail: ofSuggested, course: (d) => d.completions?.acceptanceRate ?? null, change: format.points},
  {of: "chats", label: "Chats", value: (t) => t.chat?.interactions, text: format.count, detail: (t) => (t.chat ? null : "GitHub reports no chat."), course: (d) => d.chat?.interactions ?? null},
];

function shareEngaged({activeUsers, engagedUsers}: Totals): string | null {
  return activeUsers && engagedUsers !== null ? `${format.rate(engagedUsers / activeUsers)} of those active` : null;
}

function ofSuggested({completions}: Totals): string {
  return completions ? `${format.count(completions.accepted)} of ${format.count(completions.suggested)} suggested` : "GitHub reports no completions.";
}

function whyNoPeople({activeUsers, daysWithData}: Totals): string | null {
  if (activeUsers !== null) return null;
  return daysWithData === 0 ? "No day has been reported yet." : "People of a range are counted from per-person reports, which are not there for every day.";
}

export function Headline({days, totals, previous}: {days: Day[]; totals: Totals; previous?: Usage["previous"]}) {
  const state = `${format.some(totals.daysWithData, "day")} of ${days.length} with data; ${states(days)}.`;
  const before = ({value, text, change = format.change}: RangeFigure) => previous ? {days: format.range(previous.from, previous.to), value: text(value(previous.totals)), change: change(value(totals), value(previous.totals))} : null;
  return (
    <>
      <Short people={totals.people} />
      <div class="figures">
        {rangeFigures.map((f, n) => (
          <Figure key={f.label} of={f.of} label={f.label} value={f.text(f.value(totals))} detail={f.detail(totals)} before={before(f)} state={state}>
            <Sparkline values={days.map(f.course)} n={n} />
          </Figure>
        ))}
      </div>
    </>
  );
}

export function states(days: Day[]): string {
  const of = (state: Day["state"]) => days.filter((d) => d.state === state).length;
  return (["final", "provisional", "pending", "missing"] as const).filter((s) => of(s) > 0).map((s) => `${of(s)} ${s}`).join(", ");
}

export function People({days, note}: {days: Day[]; note?: ComponentChildren}) {
  return (
    <Panel title="People a day" note={<>shaded: weekend · hatched: may still change · outlined: not reported yet {note && <>· {note}</>}</>}>
      <Days label="People a day" days={days} series={[
        {name: "Active", values: days.map((d) => d.activeUsers), text: format.count},
        {name: "Engaged", values: days.map((d) => d.engagedUsers), text: format.count},
      ]} />
    </Panel>
  );
}

const bases: Record<Breakdown["basis"], string> = {
  completions: "Completions suggested, and how many of them were accepted.",
  all_features: "Suggestions of every feature: GitHub does not split these by feature.",
  not_reported: "",
};

function BreakdownPanel({title, breakdown, n}: {title: string; breakdown: Breakdown | undefined; n: number}) {
  const rows = [...(breakdown?.rows ?? [])].sort((a, b) => (b.suggested ?? 0) - (a.suggested ?? 0));
  return (
    <Panel title={title}>
      <Bars label={title} n={n} columns={["Name", "Suggested", ...(breakdown?.basis === "completions" ? ["Accepted"] : [])]} note={breakdown && bases[breakdown.basis]}
        rows={rows.map((r) => ({name: r.name, value: r.suggested, text: format.count(r.suggested), beside: r.acceptanceRate === null ? "" : format.rate(r.acceptanceRate)}))} />
    </Panel>
  );
}

function ChatPanel({title, rows, note}: {title: string; rows: {name: string; interactions: number | null}[] | null | undefined; note: string}) {
  const sorted = [...(rows ?? [])].sort((a, b) => (b.interactions ?? 0) - (a.interactions ?? 0));
  return (
    <Panel title={title}>
      <Bars label={title} n={3} columns={["Name", "Requests"]} note={note} rows={sorted.map((r) => ({name: r.name, value: r.interactions, text: format.count(r.interactions)}))} />
    </Panel>
  );
}

export function Editors({totals}: {totals: Totals}) {
  return <BreakdownPanel title="Editors" breakdown={totals.completions?.byEditor} n={0} />;
}

export function ChatModels({totals}: {totals: Totals}) {
  return <ChatPanel title="Models in chat" rows={totals.chat?.byModel} note="Requests in chat: GitHub seldom names the models of completions." />;
}

export function Breakdowns({totals}: {totals: Totals}) {
  const {completions, chat, pullRequests} = totals;
  return (
    <div class="thirds">
      <Editors totals={totals} />
      <BreakdownPanel title="Languages" breakdown={completions?.byLanguage} n={2} />
      {completions?.byModel.basis !== "not_reported" && <BreakdownPanel title="Models of completions" breakdown={completions?.byModel} n={0} />}
      <ChatModels totals={totals} />
      <ChatPanel title="Chat by mode" rows={chat?.byMode} note="Requests that people sent." />
      {pullRequests && (
        <Panel title="Pull requests">
          <Bars label="Pull requests" n={2} columns={["What", "Number"]} rows={[
            {name: "created", value: pullRequests.created, text: format.count(pullRequests.created)},
            {name: "created by Copilot", value: pullRequests.createdByCopilot, text: format.count(pullRequests.createdByCopilot)},
            {name: "reviewed", value: pullRequests.reviewed, text: format.count(pullRequests.reviewed)},
            {name: "reviewed by Copilot", value: pullRequests.reviewedByCopilot, text: format.count(pullRequests.reviewedByCopilot)},
            {name: "merged", value: pullRequests.merged, text: format.count(pullRequests.merged)},
          ]} />
        </Panel>
      )}
    </div>
  );
}

function SeatLine({seats}: {seats: Preview["seats"]}) {
  if (!seats) return <Panel title="Seats"><p class="empty">The token may not read seats, so idle seats and their cost are not known.</p></Panel>;
  return (
    <Panel title="Seats">
      <p class="seat-line">
        <strong>{format.some(seats.total, "seat")} · {format.money(seats.monthlyCost)} a month</strong>{" "}
        {format.count(seats.idle.count)} idle for more than {format.some(seats.idleAfterDays, "day")} ({format.money(seats.idle.monthlyCost)}),{" "}
        {format.count(seats.neverUsed.count)} never used ({format.money(seats.neverUsed.monthlyCost)}){seats.monthlyCost?.estimated && " · by list price, estimated"}
      </p>
    </Panel>
  );
}

// The four main figures of a range, each with a sparkline and compared with the range before.
import type {Day, Totals, Usage} from "../api/names.ts";
import {Sparkline} from "../charts/sparkline.tsx";
import type {Explained} from "../explain.ts";
import * as format from "../format.ts";
import {Figure} from "../ui/figure.tsx";
import {Short} from "./short.tsx";

/** A figure of a range that each of its days has too. */
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
  {
    of: "activeUsers",
    label: "Active people",
    value: (t) => t.activeUsers,
    text: format.count,
    detail: whyNoPeople,
    course: (d) => d.activeUsers,
  },
  {
    of: "engagedUsers",
    label: "Engaged people",
    value: (t) => t.engagedUsers,
    text: format.count,
    detail: shareEngaged,
    course: (d) => d.engagedUsers,
  },
  {
    of: "acceptanceRate",
    label: "Completions accepted",
    value: (t) => t.completions?.acceptanceRate,
    text: format.rate,
    detail: ofSuggested,
    course: (d) => d.completions?.acceptanceRate ?? null,
    change: format.points,
  },
  {
    of: "chats",
    label: "Chats",
    value: (t) => t.chat?.interactions,
    text: format.count,
    detail: (t) => (t.chat ? null : "GitHub reports no chat."),
    course: (d) => d.chat?.interactions ?? null,
  },
];

function shareEngaged({activeUsers, engagedUsers}: Totals): string | null {
  return activeUsers && engagedUsers !== null ? `${format.rate(engagedUsers / activeUsers)} of those active` : null;
}

function ofSuggested({completions}: Totals): string {
  return completions
    ? `${format.count(completions.accepted)} of ${format.count(completions.suggested)} suggested`
    : "GitHub reports no completions.";
}

function whyNoPeople({activeUsers, daysWithData}: Totals): string | null {
  if (activeUsers !== null) return null;
  return daysWithData === 0
    ? "No day has been reported yet."
    : "People of a range are counted from per-person reports, which are not there for every day.";
}

export function Headline({days, totals, previous}: {days: Day[]; totals: Totals; previous?: Usage["previous"]}) {
  const before = ({value, text, change = format.change}: RangeFigure) =>
    previous && value(previous.totals) != null
      ? {
          days: format.range(previous.from, previous.to),
          value: text(value(previous.totals)),
          change: change(value(totals), value(previous.totals)),
        }
      : null;
  return (
    <>
      <Short people={totals.people} />
      <div class="figures">
        {rangeFigures.map((f, n) => (
          <Figure
            key={f.label}
            of={f.of}
            label={f.label}
            value={f.text(f.value(totals))}
            detail={f.detail(totals)}
            before={before(f)}
          >
            <Sparkline values={days.map(f.course)} n={n} />
          </Figure>
        ))}
      </div>
    </>
  );
}

/** Tells how many days of a range have data, and how many of them are final. */
export function stateOf({days, totals}: Pick<Usage, "days" | "totals">): string {
  return `${format.some(totals.daysWithData, "day")} of ${days.length} with data: ${states(days)}.`;
}

export function states(days: Day[]): string {
  const of = (state: Day["state"]) => days.filter((d) => d.state === state).length;
  return (["final", "provisional", "pending", "missing"] as const)
    .filter((s) => of(s) > 0)
    .map((s) => `${of(s)} ${s}`)
    .join(", ");
}

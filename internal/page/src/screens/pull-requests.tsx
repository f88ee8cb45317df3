// Pull requests, and how many of them Copilot has written or reviewed.
import type {Day, Totals} from "../api/names.ts";
import {Bars} from "../charts/bars.tsx";
import * as format from "../format.ts";
import {Panel} from "../ui/panel.tsx";
import {latest} from "./latest.ts";

type Counts = NonNullable<Totals["pullRequests"]>;

const counted: [string, (p: Counts) => number | null][] = [
  ["created", (p) => p.created],
  ["created by Copilot", (p) => p.createdByCopilot],
  ["reviewed", (p) => p.reviewed],
  ["reviewed by Copilot", (p) => p.reviewedByCopilot],
  ["merged", (p) => p.merged],
  ["merged, created by Copilot", (p) => p.mergedCreatedByCopilot],
  ["merged, reviewed by Copilot", (p) => p.mergedReviewedByCopilot],
  ["suggestions", (p) => p.suggestions],
  ["suggestions applied", (p) => p.appliedSuggestions],
  ["Copilot's suggestions", (p) => p.suggestionsByCopilot],
  ["Copilot's suggestions applied", (p) => p.suggestionsApplied],
];

const medians: [string, (p: Counts) => number | null][] = [
  ["All", (p) => p.medianMinutesToMerge],
  ["Written by Copilot", (p) => p.medianMinutesToMergeCopilotAuthored],
  ["Reviewed by Copilot", (p) => p.medianMinutesToMergeCopilotReviewed],
];

export function PullRequests({pulls}: {pulls: Totals["pullRequests"]}) {
  return (
    <Panel title="Pull requests" of="pullRequests">
      <Bars
        label="Pull requests"
        n={2}
        columns={["What", "Number"]}
        empty="GitHub has sent nothing about pull requests for these days, so nobody knows."
        limit={counted.length}
        rows={pulls ? counted.map(([name, of]) => ({name, value: of(pulls), text: format.count(of(pulls))})) : []}
      />
    </Panel>
  );
}

export function TimeToMerge({days}: {days: Day[]}) {
  const rows = medians.map(([name, of]) => ({name, newest: latest(days, (d) => d.pullRequests && of(d.pullRequests))}));
  return (
    <Panel title="Time to merge" of="timeToMerge">
      {rows.every((r) => r.newest === null) ? (
        <p class="empty">GitHub has sent no median for these days: nothing was merged, or it does not tell.</p>
      ) : (
        <dl class="facts">
          {rows.map(({name, newest}) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                {newest ? (
                  <>
                    <strong>{format.duration(newest.value)}</strong>{" "}
                    <span class="small">median of {format.day(newest.date)}</span>
                  </>
                ) : (
                  `${format.unknown} none was merged on these days, or GitHub does not tell`
                )}
              </dd>
            </div>
          ))}
        </dl>
      )}
    </Panel>
  );
}

export function CommentTypes({pulls}: {pulls: Totals["pullRequests"]}) {
  const types = pulls?.suggestionsByCommentType ?? null;
  return (
    <Panel title="What Copilot's reviews suggest" of="commentTypes">
      <Bars
        label="Copilot's suggestions by kind of comment"
        n={3}
        columns={["Kind of comment", "Suggestions", "Applied"]}
        empty={
          types === null
            ? "GitHub has sent no kinds of comments for these days, so nobody knows."
            : "Copilot has suggested nothing in reviews of these days."
        }
        note="Suggestions, and beside them those that were applied."
        rows={(types ?? []).map((t) => ({
          name: t.commentType.replaceAll("_", " "),
          value: t.suggestions,
          text: format.count(t.suggestions),
          beside: format.count(t.applied),
        }))}
      />
    </Panel>
  );
}

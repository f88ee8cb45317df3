// The numbers of a range by editor, language, model and mode.
import type {Breakdown, Totals} from "../api/names.ts";
import {Bars} from "../charts/bars.tsx";
import * as format from "../format.ts";
import {Panel} from "../ui/panel.tsx";

const bases: Record<Breakdown["basis"], string> = {
  completions: "Completions suggested, and how many of them were accepted.",
  all_features: "Suggestions of every feature: GitHub does not split these by feature.",
  not_reported: "",
};

function BreakdownPanel({title, breakdown, n}: {title: string; breakdown: Breakdown | undefined; n: number}) {
  const rows = [...(breakdown?.rows ?? [])].sort((a, b) => (b.suggested ?? 0) - (a.suggested ?? 0));
  return (
    <Panel title={title} of="completionsBy">
      <Bars
        label={title}
        n={n}
        columns={["Name", "Suggested", ...(breakdown?.basis === "completions" ? ["Accepted"] : [])]}
        note={breakdown && bases[breakdown.basis]}
        rows={rows.map((r) => ({
          name: r.name,
          value: r.suggested,
          text: format.count(r.suggested),
          beside: r.acceptanceRate === null ? "" : format.rate(r.acceptanceRate),
        }))}
      />
    </Panel>
  );
}

function ChatPanel({
  title,
  rows,
  note,
}: {
  title: string;
  rows: {name: string; interactions: number | null}[] | null | undefined;
  note: string;
}) {
  const sorted = [...(rows ?? [])].sort((a, b) => (b.interactions ?? 0) - (a.interactions ?? 0));
  return (
    <Panel title={title} of="chatBy">
      <Bars
        label={title}
        n={3}
        columns={["Name", "Requests"]}
        note={note}
        rows={sorted.map((r) => ({name: r.name, value: r.interactions, text: format.count(r.interactions)}))}
      />
    </Panel>
  );
}

export function Editors({totals}: {totals: Totals}) {
  return <BreakdownPanel title="Editors" breakdown={totals.completions?.byEditor} n={0} />;
}

export function ChatModels({totals}: {totals: Totals}) {
  return (
    <ChatPanel
      title="Models in chat"
      rows={totals.chat?.byModel}
      note="Requests in chat: GitHub seldom names the models of completions."
    />
  );
}

export function Breakdowns({totals}: {totals: Totals}) {
  const {completions, chat} = totals;
  return (
    <div class="cells">
      <Editors totals={totals} />
      <BreakdownPanel title="Languages" breakdown={completions?.byLanguage} n={2} />
      {completions?.byModel.basis !== "not_reported" && (
        <BreakdownPanel title="Models of completions" breakdown={completions?.byModel} n={0} />
      )}
      <ChatModels totals={totals} />
      <ChatPanel title="Chat by mode" rows={chat?.byMode} note="Requests that people sent." />
    </div>
  );
}

// The use of GitHub's features, and of the tools that they call.
import type {Tool, Totals} from "../api/names.ts";
import {Bars} from "../charts/bars.tsx";
import * as format from "../format.ts";
import {Panel} from "../ui/panel.tsx";

/** Turns "chat_panel_ask_mode" into "chat panel ask mode". */
export const words = (name: string) => name.replaceAll("_", " ");

export function Features({features}: {features: Totals["features"]}) {
  return (
    <Panel title="Features" of="features">
      <Bars
        label="Features"
        n={0}
        columns={["Feature", "Requests", "Accepted"]}
        empty={nothing("features", features)}
        note="Requests that people sent; beside them the suggestions that they accepted. Completions come without a request."
        limit={12}
        rows={(features ?? []).map((f) => ({
          name: words(f.name),
          value: f.interactions,
          text: format.count(f.interactions),
          beside: format.count(f.accepted),
        }))}
      />
    </Panel>
  );
}

const kinds: Record<Tool["kind"], string> = {
  mcp: "MCP server",
  skill: "skill",
  custom_agent: "custom agent",
  slash_command: "slash command",
  plugin: "plugin",
};

export function Tools({tools}: {tools: Totals["tools"]}) {
  const order = Object.keys(kinds);
  const sorted = [...(tools ?? [])].sort(
    (a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || (b.interactions ?? 0) - (a.interactions ?? 0),
  );
  return (
    <Panel title="Tools" of="tools">
      <Bars
        label="Tools"
        n={2}
        columns={["Tool", "Uses", "Kind"]}
        empty={nothing("tools", tools)}
        note="“other” and “custom” are GitHub's words for what you have named yourselves."
        limit={25}
        rows={sorted.map((t) => ({
          name: t.name,
          value: t.interactions,
          text: format.count(t.interactions),
          beside: kinds[t.kind],
        }))}
      />
    </Panel>
  );
}

/** Tells whether GitHub has sent no list or an empty one. */
function nothing(what: string, list: unknown[] | null): string {
  return list === null
    ? `GitHub has sent no ${what} for these days, so nobody knows.`
    : `GitHub has sent an empty list of ${what}: nobody used any.`;
}

// The numbers of a range that GitHub reports only for the whole account.
import type {Connector, Usage} from "../api/names.ts";
import {Bars} from "../charts/bars.tsx";
import * as format from "../format.ts";
import {Panel} from "../ui/panel.tsx";
import {Phases, Reach} from "./adoption.tsx";
import {Agents, CodeReview} from "./agents.tsx";
import {Breakdowns} from "./breakdowns.tsx";
import {Features, Tools} from "./features.tsx";
import {Growth} from "./growth.tsx";
import {CommentTypes, PullRequests, TimeToMerge} from "./pull-requests.tsx";
import {rangeShown} from "./range.tsx";
import {Repositories} from "./repositories.tsx";

export function OfTheWhole({connector, usage}: {connector: Connector; usage: Usage}) {
  const {days, totals} = usage;
  return (
    <>
      <Growth connector={connector} />
      <Breakdowns totals={totals} />
      <h2 class="section">Agents, tools and reviews</h2>
      <div class="halves">
        <Agents days={days} totals={totals} />
        <Features features={totals.features} />
        <Tools tools={totals.tools} />
        <CommandLine usage={usage} />
      </div>
      <div class="halves">
        <PullRequests pulls={totals.pullRequests} />
        <div>
          <CodeReview days={days} />
          <TimeToMerge days={days} />
          <CommentTypes pulls={totals.pullRequests} />
        </div>
      </div>
      <Repositories connector={connector} range={rangeShown(days)} />
      <div class="halves">
        <Reach days={days} />
        <Phases days={days} />
      </div>
    </>
  );
}

function CommandLine({usage}: {usage: Usage}) {
  const cli = usage.totals.cli;
  return (
    <Panel title="Command line" of="cli">
      <Bars
        label="Command line"
        n={2}
        columns={["What", "Number"]}
        empty="GitHub reports nothing of the command line for these days."
        rows={
          cli === null
            ? []
            : [
                {name: "sessions", value: cli.sessions, text: format.count(cli.sessions)},
                {name: "requests", value: cli.requests, text: format.count(cli.requests)},
              ]
        }
        note={cli && `${format.count(cli.promptTokens)} prompt and ${format.count(cli.outputTokens)} output tokens.`}
      />
    </Panel>
  );
}

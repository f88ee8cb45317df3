// The pull requests of each repository, and how many of them Copilot has written.
import type {Connector, Repositories as Answer} from "../api/names.ts";
import {Bars} from "../charts/bars.tsx";
import * as format from "../format.ts";
import {Loaded, Panel} from "../ui/panel.tsx";
import {Export} from "./export.tsx";
import type {Range} from "./range.tsx";
import {useRepositories} from "./reads.ts";

/** Shows the repositories with the most merged pull requests. */
export function Repositories({connector, range}: {connector: Connector; range: Range}) {
  return (
    <Panel title="Repositories" note={<Export connector={connector} kind="repositories" query={{...range}} />} of="repositories">
      <Loaded from={useRepositories(connector, range)} empty={nothingReported}>
        {({repositories}) => (
          <Bars
            label="Repositories"
            n={1}
            columns={["Repository", "Merged", "Written by Copilot"]}
            limit={12}
            rows={[...repositories]
              .sort((a, b) => (b.pullRequests?.merged ?? -1) - (a.pullRequests?.merged ?? -1))
              .map(({name, pullRequests}) => ({
                name,
                value: pullRequests?.merged ?? null,
                text: format.count(pullRequests?.merged ?? null),
                beside: `${format.count(pullRequests?.mergedCreatedByCopilot ?? null)} by Copilot`,
              }))}
          />
        )}
      </Loaded>
    </Panel>
  );
}

function nothingReported({daysWithData, repositories}: Answer): string | null {
  if (daysWithData === 0) return "GitHub has given no report by repository for these days. It has them from July 17, 2026 on.";
  return repositories.length === 0 ? "GitHub's reports name no repository: there were no pull requests." : null;
}

// The seats: who has one, who does not use it, and the cost.
import {useState} from "preact/hooks";
import {useSettled} from "../api/list.ts";
import {hrefOf} from "../route.ts";
import {newTokenPage} from "../token.ts";
import {Outside} from "../ui/linked.tsx";
import {Loaded, Panel} from "../ui/panel.tsx";
import {orderQuery, useOrder} from "../ui/sorting.ts";
import type {OfConnector} from "./ofconnector.ts";
import {useSeats} from "./reads.ts";
import {SeatsOverTime} from "./seats-history.tsx";
import {IdleSlider} from "./seats-idle.tsx";
import {filterOf, statusOf} from "./seats-names.ts";
import {SeatTable, type Key} from "./seats-table.tsx";
import {Tiles} from "./seats-tiles.tsx";

export function SeatsTab({connector, query, reload}: OfConnector) {
  const filter = filterOf(query.get("show"));
  const team = query.get("team") ?? "";
  const [search, setSearch] = useState("");
  const part = useSettled(search.trim());
  const {order, onSort} = useOrder<Key>({by: "idleDays", descending: true}, ["login"]);
  const list = useSeats(connector, {status: statusOf(filter), team, q: part, ...orderQuery(order)});
  if (list.first.value === null && list.first.problem?.code === "seats_not_read") {
    return (
      <Panel title="Seats">
        <p class="empty">{list.first.problem.message}</p>
        {connector.capabilities.seats === "denied" && (
          <p>
            <a href={hrefOf(connector.id, "health")}>Replace the token</a> by one that lists them:{" "}
            <Outside url={newTokenPage(connector.scope)} title="make one on GitHub" />, the scopes are filled in.
          </p>
        )}
      </Panel>
    );
  }
  return (
    <Loaded from={list.first} empty={(s) => (s.total === 0 ? "The account has no seats." : null)}>
      {(s) => (
        <>
          <Tiles connector={connector} seats={s} filter={filter} team={team} />
          <IdleSlider connector={connector} seats={s} onSaved={reload} />
          <SeatTable
            key={`${filter} ${team}`}
            connector={connector}
            list={{...list, busy: list.busy || part !== search.trim()}}
            filter={filter}
            teams={s.teams}
            team={team}
            search={search}
            onSearch={setSearch}
            order={order}
            onSort={onSort}
            total={s.found}
          />
          <SeatsOverTime connector={connector} />
        </>
      )}
    </Loaded>
  );
}

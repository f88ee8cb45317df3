import {useEffect, useMemo, useRef} from "preact/hooks";
import type {Client} from "./api/client.ts";
import type {Example} from "./api/names.ts";
import {SessionContext, type Session} from "./api/resource.ts";
import {useRoute, type Route} from "./route.ts";
import {Add} from "./screens/add.tsx";
import {ConnectorScreen} from "./screens/connector.tsx";
import {Connectors} from "./screens/connectors.tsx";

interface AppProps {
  client: Client;
  examples: Example[];
  onView: (title: string) => void;
}

export function App({client, examples, onView}: AppProps) {
  const route = useRoute();
  const session = useMemo<Session>(() => ({client, answers: new Map()}), [client]);
  const main = useRef<HTMLElement>(null);
  const place = route.screen === "connector" ? route.id : route.screen;
  const first = useRef(true);
  useEffect(() => {
    if (!first.current) main.current?.focus();
    first.current = false;
  }, [place]);
  return (
    <SessionContext.Provider value={session}>
      <main ref={main} tabIndex={-1} class={`screen screen-${route.screen}`}>
        <Screen route={route} examples={examples} onView={onView} />
      </main>
      <footer class="small">
        All days and times are UTC. Numbers marked “estimated” rest on list prices or on a bill that is not final.
      </footer>
    </SessionContext.Provider>
  );
}

function Screen({route, examples, onView}: {route: Route; examples: Example[]; onView: (title: string) => void}) {
  useEffect(() => {
    if (route.screen !== "connector") onView({connectors: "Connectors", add: "Add a connector"}[route.screen]);
  }, [route.screen]);
  switch (route.screen) {
    case "add":
      return <Add examples={examples} />;
    case "connector":
      return <ConnectorScreen key={route.id} id={route.id} tab={route.tab} query={route.query} onView={onView} />;
    default:
      return <Connectors />;
  }
}

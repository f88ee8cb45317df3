// Reads the screen from the fragment of the address. The address never contains a secret.
import {useEffect, useState} from "preact/hooks";

export const tabs = ["overview", "usage", "people", "teams", "seats", "cost", "health"] as const;
export type Tab = (typeof tabs)[number];

export type Route =
  | {screen: "connectors"}
  | {screen: "add"}
  | {screen: "connector"; id: string; tab: Tab; query: URLSearchParams};

export function hrefOf(id: string, tab: Tab, query: Record<string, string> = {}): string {
  const search = new URLSearchParams(query).toString();
  return `#/c/${encodeURIComponent(id)}/${tab}${search && `?${search}`}`;
}

export function parseRoute(hash: string): Route {
  const [path = "", search = ""] = hash.replace(/^#\/?/, "").split("?");
  const [screen, id, tab] = path.split("/");
  if (screen === "add") return {screen: "add"};
  if (screen === "c" && id) {
    return {
      screen: "connector",
      id: decodeURIComponent(id),
      tab: tabs.find((t) => t === tab) ?? "overview",
      query: new URLSearchParams(search),
    };
  }
  return {screen: "connectors"};
}

export function useRoute(): Route {
  const [route, setRoute] = useState(() => parseRoute(location.hash));
  useEffect(() => {
    const follow = () => setRoute(parseRoute(location.hash));
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, []);
  return route;
}

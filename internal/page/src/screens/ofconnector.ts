import type {Connector} from "../api/names.ts";

/** What every tab gets. */
export interface OfConnector {
  connector: Connector;
  query: URLSearchParams;
  reload: () => void;
}

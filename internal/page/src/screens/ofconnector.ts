import type {Connector} from "../api/names.ts";

/** The properties of every tab. */
export interface OfConnector {
  connector: Connector;
  query: URLSearchParams;
  reload: () => void;
}

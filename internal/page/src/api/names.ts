// Short names for the contract's types.
import type {components, paths} from "./schema.d.ts";

type Schemas = components["schemas"];

export type Connector = Schemas["Connector"];
export type Verification = Schemas["Verification"];
export type Check = Schemas["Check"];
export type Day = Schemas["Day"];
export type Totals = Schemas["Totals"];
export type Tool = Schemas["Tool"];
export type Usage = Schemas["Usage"];
export type Breakdown = Schemas["Breakdown"];
export type Month = Schemas["Months"]["months"][number];
export type Week = Schemas["Weeks"]["weeks"][number];
export type Person = Schemas["UserUsage"];
export type Users = Schemas["Users"];
export type SeatSummary = Schemas["SeatSummary"];
export type Seat = Schemas["Seat"];
export type SeatStatus = Schemas["SeatStatus"];
export type Seats = Schemas["Seats"];
export type SeatDay = Schemas["SeatHistory"]["days"][number];
export type Repositories = Schemas["Repositories"];
export type Teams = Schemas["Teams"];
export type TeamRow = Schemas["Team"];
export type Cost = Schemas["Cost"];
export type Money = NonNullable<Schemas["Money"]>;
export type Audit = Schemas["Audit"];
export type AuditEvent = Schemas["Audit"]["events"][number];
export type Prices = Schemas["Prices"];
export type ConnectorForm = Schemas["ConnectorForm"];
export type Scope = Schemas["Scope"];
export type ProblemBody = Schemas["Problem"];

type Registered = paths["/v1/tenants/{tenant}/github-app/registration"];
export type Registration = Registered["get"]["responses"]["200"]["content"]["application/json"];
export type RegisteredApp = Registered["post"]["responses"]["200"]["content"]["application/json"];

export type StackApp = paths["/v1/tenants/{tenant}/github-app"]["get"]["responses"]["200"]["content"]["application/json"];

/** A pasted credential: a token, or an App of the customer's. */
export type Pasted = {token: string} | {app: Schemas["AppForm"]};

/** What Verify, Save and "Replace credential" send: also an installation of CloudMonitor's App. */
export type Given = Pasted | {installation: {installationId: string; code: string}};

/** An account of the simulated GitHub to try. */
export type Example = Pasted & {
  name: string;
  shows: string;
  scope: Scope;
  slug: string;
  host?: string;
};

import type {SeatStatus} from "../api/names.ts";

export const statuses: Record<SeatStatus, string> = {
  active: "Active",
  new: "New",
  idle: "Idle",
  never_used: "Never used",
  pending_cancellation: "Leaving",
  unknown: "Unknown",
};

export type Filter = SeatStatus | "all" | "waste";

/** Returns the API's statuses for a filter. Idle money counts idle and never used seats. */
export function statusOf(filter: Filter): string {
  return filter === "all" ? "" : filter === "waste" ? "idle,never_used" : filter;
}

/** Returns the filter in an address, or "all" if there is none with that name. */
export function filterOf(name: string | null): Filter {
  return name === "waste" || (name !== null && Object.hasOwn(statuses, name)) ? (name as Filter) : "all";
}

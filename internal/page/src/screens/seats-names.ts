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

/** Idle money is that of these two. */
export const waste = ["idle", "never_used"] as const;

/** The filter that an address names; all where there is none by that name. */
export function filterOf(name: string | null): Filter {
  return name === "waste" || (name !== null && Object.hasOwn(statuses, name)) ? (name as Filter) : "all";
}

// The spend of a month. The API counts an unknown part as 0, so the page tells which part is missing.
import type {Connector, Cost} from "../api/names.ts";
import * as format from "../format.ts";
import {whyUnknown} from "../reasons.ts";
import type {Before} from "../ui/figure.tsx";

type MoneyOrNull = Cost["totalSpend"];

interface Parts {
  seatCost: MoneyOrNull;
  totalSpend: MoneyOrNull;
}

/** Returns the spend, or null if it is 0 only because the seats are unknown. */
export function spend({seatCost, totalSpend}: Parts): MoneyOrNull {
  return seatCost === null && !format.amount(totalSpend) ? null : totalSpend;
}

/** Tells which part is missing in the spend of a month, and why. It returns null if both are there. */
export function lacksOf(connector: Connector, cost: Cost): string | null {
  if (cost.seatCost === null) return `Without the seats. ${whyUnknown(connector, cost, "seatCost")}`;
  if (cost.credits.billed === null) return `Without credits beyond the pool. ${whyUnknown(connector, cost, "credits.billed")}`;
  return null;
}

/** Returns the amount of the same days of the month before, or null if one of the two is unknown. */
export function moneyBefore({previous}: Cost, now: MoneyOrNull, then: MoneyOrNull | undefined): Before | null {
  if (!previous || !now || !then) return null;
  const change = format.change(format.amount(now), format.amount(then));
  return {days: format.range(previous.from, previous.to), value: format.money(then), change};
}

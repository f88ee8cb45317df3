// Spend as people may read it: the API counts a part that is not known as nothing.
import type {Connector, Cost} from "../api/names.ts";
import * as format from "../format.ts";
import {whyUnknown} from "../reasons.ts";
import type {Before} from "../ui/figure.tsx";

type MoneyOrNull = Cost["totalSpend"];

interface Parts {
  seatCost: MoneyOrNull;
  totalSpend: MoneyOrNull;
}

/** What was spent; null where it is 0 for want of the seats alone. */
export function spend({seatCost, totalSpend}: Parts): MoneyOrNull {
  return seatCost === null && !format.amount(totalSpend) ? null : totalSpend;
}

/** Which part the spend of a month lacks, and why; null where it has both. */
export function lacksOf(connector: Connector, cost: Cost): string | null {
  if (cost.seatCost === null) return `Without the seats. ${whyUnknown(connector, cost, "seatCost")}`;
  if (cost.credits.billed === null) return `Without credits beyond the pool. ${whyUnknown(connector, cost, "credits.billed")}`;
  return null;
}

/** An amount of the same days of the month before; null where either is not known. */
export function moneyBefore({previous}: Cost, now: MoneyOrNull, then: MoneyOrNull | undefined): Before | null {
  if (!previous || !now || !then) return null;
  const change = format.change(format.amount(now), format.amount(then));
  return {days: format.range(previous.from, previous.to), value: format.money(then), change};
}

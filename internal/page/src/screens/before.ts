import type {Cost} from "../api/names.ts";
import * as format from "../format.ts";
import type {Before} from "../ui/figure.tsx";

type MoneyOrNull = Cost["totalSpend"];

/** An amount of the same days of the month before; null where either is not known. */
export function moneyBefore({previous}: Cost, now: MoneyOrNull, then: MoneyOrNull | undefined): Before | null {
  if (!previous || !now || !then) return null;
  const change = format.change(format.amount(now), format.amount(then));
  return {days: format.range(previous.from, previous.to), value: format.money(then), change};
}

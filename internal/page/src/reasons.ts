// Why a figure of a month is not known, in the API's words, or shorter where the token may not read what it rests on.
import type {Connector, Cost} from "./api/names.ts";

const refused: Record<string, {right: "seats" | "billing"; why: string}> = {
  seatCost: {right: "seats", why: "The token may not list seats."},
  idleSeatCost: {right: "seats", why: "The token may not list seats."},
  "credits.included": {right: "seats", why: "The token may not list seats, from which the pool follows."},
  "credits.billed": {right: "billing", why: "The token may not read bills."},
};

/** The reason of the first of the figures that has one. Those come first which the others are computed from. */
export function whyUnknown({capabilities}: Connector, {reasons}: Pick<Cost, "reasons">, ...figures: string[]): string {
  const figure = figures.find((name) => reasons[name] !== undefined);
  if (figure === undefined) return "Not known yet.";
  const short = refused[figure];
  return short && capabilities[short.right] === "denied" ? short.why : reasons[figure]!;
}

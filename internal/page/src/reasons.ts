// Tells why a figure of a month is unknown. The words are the API's, or shorter ones if the token lacks a right.
import type {Connector, Cost} from "./api/names.ts";

const refused: Record<string, {right: "seats" | "billing"; why: string}> = {
  seatCost: {right: "seats", why: "The token may not list seats."},
  idleSeatCost: {right: "seats", why: "The token may not list seats."},
  "credits.included": {right: "seats", why: "The token may not list seats, from which the pool follows."},
  "credits.billed": {right: "billing", why: "The token may not read bills."},
};

/** Returns the reason of the first figure that has one. The caller names a figure before the figures that follow from it. */
export function whyUnknown({capabilities}: Connector, {reasons}: Pick<Cost, "reasons">, ...figures: string[]): string {
  const figure = figures.find((name) => reasons[name] !== undefined);
  if (figure === undefined) return "Not known yet.";
  const short = refused[figure];
  return short && capabilities[short.right] === "denied" ? short.why : reasons[figure]!;
}

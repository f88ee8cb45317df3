import type {Totals} from "../api/names.ts";
import * as format from "../format.ts";

/** Warns that people are missing in GitHub's per-person reports, so numbers of people are too low. */
export function Short({people}: {people: Totals["people"]}) {
  return (
    people && (
      <p class="stale">
        GitHub's per-person reports name {format.count(people.read)} of {format.people(people.expected)} on{" "}
        {format.some(people.days, "day")} of these, so engaged people and credits are too low. The days are read again until
        GitHub completes them.
      </p>
    )
  );
}

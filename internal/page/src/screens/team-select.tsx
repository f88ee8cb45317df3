// A select with the teams that the API can find.
import type {Resource} from "../api/resource.ts";
import type {Teams} from "../api/names.ts";

interface TeamSelectProps {
  teams: string[];
  team: string; // empty for all teams
  onChoose: (team: string) => void;
}

export function TeamSelect({teams, team, onChoose}: TeamSelectProps) {
  const names = team === "" || teams.includes(team) ? teams : [team, ...teams];
  if (names.length === 0) return null;
  return (
    <label>
      Team{" "}
      <select value={team} onChange={(e) => onChoose(e.currentTarget.value)}>
        <option value="">all</option>
        {names.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </label>
  );
}

/** Returns the names of the teams, or none if they are not known yet. */
export function teamNames({value}: Resource<Teams>): string[] {
  return (value?.teams ?? []).flatMap((row) => row.team ?? []);
}

import type {Example} from "../api/names.ts";

/** Accounts of the simulated GitHub, to see what Verify says of each. */
export function Examples({examples, onChoose}: {examples: Example[]; onChoose: (example: Example) => void}) {
  return (
    <section class="panel examples" aria-label="Simulated accounts">
      <label for="example">This runs against a simulated GitHub. Choose an account to try:</label>
      <select
        id="example"
        onChange={(e) => {
          const chosen = examples[Number(e.currentTarget.value)];
          if (chosen) onChoose(chosen);
        }}
      >
        <option value="">Choose…</option>
        {examples.map((example, i) => (
          <option key={example.name} value={i}>
            {example.name}: {example.shows}
          </option>
        ))}
      </select>
    </section>
  );
}

import {pathOf} from "./frame.tsx";

/** Draws the course of a figure without numbers. */
export function Sparkline({values, n = 0}: {values: (number | null)[]; n?: number}) {
  const known = values.filter((v) => v !== null);
  if (known.length < 2) return null;
  const greatest = Math.max(...known, Number.MIN_VALUE);
  const path = pathOf(
    values,
    (i) => 2 + (i * 116) / Math.max(1, values.length - 1),
    (v) => 26 - (v / greatest) * 24,
  );
  return (
    <svg class="sparkline" viewBox="0 0 120 28" width="120" height="28" aria-hidden="true">
      <path class={`line line-${n}`} d={path} />
    </svg>
  );
}

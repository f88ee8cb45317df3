// Icons tell by their shape what the colour tells too.
const shapes = {
  pass: "M4 8.5l2.8 2.8L12.5 5",
  warn: "M8 3.5v5.2M8 11.6v.9",
  fail: "M4.5 4.5l7 7M11.5 4.5l-7 7",
  skip: "M4 8h8",
  work: "M8 2.2a5.8 5.8 0 1 0 .01 0M8 4.8V8l2.2 1.6",
} as const;

export type IconName = keyof typeof shapes;

export function Icon({name}: {name: IconName}) {
  return (
    <svg class={`icon icon-${name}`} viewBox="0 0 16 16" aria-hidden="true">
      <path
        d={shapes[name]}
        fill="none"
        stroke="currentColor"
        stroke-width="1.8"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  );
}

// A figure is a number with a panel that explains its formula, its source and its state.
import {createContext, type ComponentChildren} from "preact";
import {useContext} from "preact/hooks";
import {explanations, type Explained} from "../explain.ts";

const StateContext = createContext("");

/** Adds a text to the state of every figure inside it, such as the days, and when they were read. */
export function Stated({as, children}: {as: string; children: ComponentChildren}) {
  const around = useContext(StateContext);
  return <StateContext.Provider value={`${as} ${around}`.trim()}>{children}</StateContext.Provider>;
}

interface FigureProps {
  of: Explained;
  label: string;
  value: string;
  beside?: ComponentChildren;
  detail?: ComponentChildren;
  before?: Before | null;
  state?: string; // shown before the text of Stated
  tone?: "warn" | "plain";
  size?: "lead" | "plain";
  children?: ComponentChildren;
}

/** The same figure for earlier days. */
export interface Before {
  days: string;
  value: string;
  change: string | null;
}

export function Figure({of, label, value, beside, detail, before, state, tone = "plain", size = "plain", children}: FigureProps) {
  return (
    <div class={`figure figure-${tone} figure-${size}`} role="group" aria-label={label} data-figure={of}>
      <p class="label">{label}</p>
      <p class="value">
        <strong data-value>{value}</strong> {beside && <span class="beside">{beside}</span>}
      </p>
      {detail && <p class="small">{detail}</p>}
      {before && (
        <p class="small" data-before>
          {before.days}: {before.value}
          {before.change && ` (${before.change})`}
        </p>
      )}
      {children}
      <Explanation of={of} label={label} state={state} />
    </div>
  );
}

export function Explanation({of, label, state = ""}: {of: Explained; label: string; state?: string | undefined}) {
  const {formula, source} = explanations[of];
  const told = `${state} ${useContext(StateContext)}`.trim();
  return (
    <details class="explanation">
      <summary>
        How computed<span class="hidden">: {label}</span>
      </summary>
      <dl>
        <dt>Formula</dt>
        <dd>{formula}</dd>
        <dt>Source</dt>
        <dd>{source}</dd>
        {told && (
          <>
            <dt>State</dt>
            <dd>{told}</dd>
          </>
        )}
      </dl>
    </details>
  );
}

// Fields of a connector's settings. Save and Health share them.
import type {Problem} from "../api/client.ts";
import type {Connector, Prices} from "../api/names.ts";
import {FieldError} from "../ui/panel.tsx";

export function addresses(text: string): string[] {
  return text.split(/[\s,;]+/).filter((a) => a !== "");
}

interface RecipientsProps {
  value: string;
  onChange: (value: string) => void;
  error: string | null;
}

export function RecipientsField({value, onChange, error}: RecipientsProps) {
  return (
    <div class="field">
      <label for="recipients">Tell these addresses when something needs doing</label>
      <input
        id="recipients"
        value={value}
        placeholder="you@example.com, team@example.com"
        spellcheck={false}
        onInput={(e) => onChange(e.currentTarget.value)}
        aria-describedby="recipients-error"
      />
      <FieldError id="recipients-error" text={error} />
    </div>
  );
}

const shown: Record<Connector["people"], string> = {
  named: "by name",
  pseudonymous: "under pseudonyms",
  hidden: "not at all, only numbers of groups",
};

interface PeopleProps {
  people: Connector["people"];
  onPeople: (people: Connector["people"]) => void;
  keepDays: string;
  onKeepDays: (days: string) => void;
  error: string | null;
}

/** Asks how people are shown, and how long their numbers are kept. */
export function PeopleFields({people, onPeople, keepDays, onKeepDays, error}: PeopleProps) {
  return (
    <div class="columns">
      <div class="field">
        <label for="people">People are shown</label>
        <select id="people" value={people} onChange={(e) => onPeople(e.currentTarget.value as Connector["people"])}>
          {Object.entries(shown).map(([value, title]) => (
            <option key={value} value={value}>
              {title}
            </option>
          ))}
        </select>
      </div>
      <div class="field">
        <label for="keep-people">How many days their numbers are kept</label>
        <input
          id="keep-people"
          type="number"
          min={1}
          max={366}
          value={keepDays}
          placeholder="all"
          onInput={(e) => onKeepDays(e.currentTarget.value)}
          aria-describedby="keep-people-help keep-people-error"
        />
        <p id="keep-people-help" class="small">
          Older ones are removed by the next poll, for good. Totals stay.
        </p>
        <FieldError id="keep-people-error" text={error} />
      </div>
    </div>
  );
}

const fields = [
  ["currency", "Currency", "USD"],
  ["business", "Business seat a month", "19.00"],
  ["enterprise", "Enterprise seat a month", "39.00"],
  ["credit", "One AI credit", "0.01"],
] as const;

export function PriceFields({
  value,
  onChange,
  problem,
}: {
  value: Prices;
  onChange: (prices: Prices) => void;
  problem: Problem | null;
}) {
  return (
    <div class="columns">
      {fields.map(([name, title, placeholder]) => (
        <div class="field" key={name}>
          <label for={`price-${name}`}>{title}</label>
          <input
            id={`price-${name}`}
            value={value[name] ?? ""}
            placeholder={placeholder}
            onInput={(e) => onChange({...value, [name]: e.currentTarget.value.trim()})}
            aria-describedby={`price-${name}-error`}
          />
          <FieldError id={`price-${name}-error`} text={problem?.fieldError(`prices.${name}`) ?? null} />
        </div>
      ))}
    </div>
  );
}

/** Returns the given prices, or null if there are none. */
export function pricesOf(prices: Prices): Prices | null {
  const given = Object.fromEntries(Object.entries(prices).filter(([, v]) => v !== ""));
  return Object.keys(given).length === 0 ? null : given;
}

// What Verify says: one sentence, then the checks, those to be mended first and those passed folded.
import {useEffect, useRef} from "preact/hooks";
import type {Check, Verification} from "../api/names.ts";
import * as format from "../format.ts";
import {Copy} from "../ui/copy.tsx";
import {Icon} from "../ui/icon.tsx";
import {Linked, Outside} from "../ui/linked.tsx";

interface ResultProps {
  verification: Verification;
  seconds: number;
  onAgain: () => void;
}

const numbers = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"];

function sentence(checks: Check[]): {tone: "pass" | "warn" | "fail"; text: string} {
  const fails = checks.filter((c) => c.status === "fail").length;
  const warns = checks.filter((c) => c.status === "warn").length;
  const things = (n: number, what: string) => `${numbers[n] ?? n} ${n === 1 ? "thing" : "things"} to ${what}`;
  if (fails > 0) return {tone: "fail", text: `Not ready: ${things(fails, "mend")}`};
  if (warns > 0) return {tone: "warn", text: `Ready to save, ${things(warns, "know")}`};
  return {tone: "pass", text: "Ready to save"};
}

export function Result({verification, seconds, onAgain}: ResultProps) {
  const region = useRef<HTMLElement>(null);
  useEffect(() => region.current?.focus(), [verification]);
  const checks = verification.checks as Check[];
  const {tone, text} = sentence(checks);
  const login = verification.credential.login;
  return (
    <section ref={region} class="result" tabIndex={-1} aria-live="polite" aria-label="What Verify says">
      <div class={`verdict verdict-${tone}`}>
        <Icon name={tone} />
        <div>
          <h2>{text}</h2>
          <p class="small">
            Verified in {format.quantity(Math.round(seconds * 10) / 10)} s{login && ` · as @${login}`} ·{" "}
            {format.time(verification.verifiedAt)} · nothing is stored yet
          </p>
        </div>
        {verification.ok && (
          <button type="submit" form="save" class="primary">
            Save connector
          </button>
        )}
      </div>
      <Checks checks={checks} account={verification.account} onAgain={onAgain} />
    </section>
  );
}

interface ChecksProps {
  checks: Check[];
  account: {scope: string | null; slug: string | null};
  onAgain?: () => void;
}

export function Checks({checks, account, onAgain}: ChecksProps) {
  const of = (status: Check["status"]) => checks.filter((c) => c.status === status);
  const passed = of("pass");
  const skipped = of("skip");
  return (
    <ul class="panel checks">
      {[...of("fail"), ...of("warn")].map((check) => (
        <ToMend key={check.id} check={check} account={account} onAgain={onAgain} />
      ))}
      {skipped.length > 0 && (
        <Folded
          icon="skip"
          title={`${format.some(skipped.length, "check")} ${skipped.length === 1 ? "waits" : "wait"} for that`}
          checks={skipped}
        />
      )}
      {passed.length > 0 && <Folded icon="pass" title={`${format.some(passed.length, "check")} passed`} checks={passed} />}
    </ul>
  );
}

function ToMend({
  check,
  account,
  onAgain,
}: {
  check: Check;
  account: {scope: string | null; slug: string | null};
  onAgain: (() => void) | undefined;
}) {
  const further = check.links.filter((l) => !check.remedy?.includes(l.url)); // the others are links in the text
  return (
    <li class={`check check-${check.status}`} data-check={check.id} data-code={check.code}>
      <Icon name={check.status === "fail" ? "fail" : "warn"} />
      <div>
        <h3>{check.title}</h3>
        <p>
          <Linked text={check.detail} />
        </p>
        {check.remedy && (
          <div class="remedy">
            <p>
              <b>What to do.</b> <Linked text={check.remedy} />
            </p>
            {further.length > 0 && (
              <ul>
                {further.map((l) => (
                  <li key={l.url}>
                    <Outside {...l} />
                  </li>
                ))}
              </ul>
            )}
            <p class="buttons">
              <Copy title="Copy for your owner" text={forOwner(check, account)} />
              {onAgain && (
                <button type="button" class="secondary" onClick={onAgain}>
                  Try again
                </button>
              )}
            </p>
          </div>
        )}
      </div>
    </li>
  );
}

function Folded({icon, title, checks}: {icon: "skip" | "pass"; title: string; checks: Check[]}) {
  return (
    <li class={`check check-${icon}`}>
      <Icon name={icon} />
      <details>
        <summary>
          <h3>{title}</h3>
        </summary>
        <dl>
          {checks.map((c) => (
            <div key={c.id} data-check={c.id}>
              <dt>{c.title}</dt>
              <dd>
                <Linked text={c.detail} />
              </dd>
            </div>
          ))}
        </dl>
      </details>
    </li>
  );
}

/** A message for the person who can mend it. */
function forOwner(check: Check, {scope, slug}: {scope: string | null; slug: string | null}): string {
  return [
    `CloudMonitor's connector for GitHub Copilot cannot read ${slug ? `the ${scope ?? "account"} ${slug}` : "the account"} as it should.`,
    `${check.title}: ${check.detail}`,
    `What to do: ${check.remedy}`,
    ...check.links.map((l) => `${l.title}: ${l.url}`),
  ].join("\n\n");
}

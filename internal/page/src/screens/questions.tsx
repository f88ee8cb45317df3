// Answers to questions of people who see these numbers for the first time.
import type {Connector} from "../api/names.ts";
import * as format from "../format.ts";
import {hrefOf} from "../route.ts";
import {Outside} from "../ui/linked.tsx";
import {Panel} from "../ui/panel.tsx";
import {insights} from "./proof.tsx";

export function Questions({connector}: {connector: Connector}) {
  return (
    <Panel title="Questions">
      <details>
        <summary>Why does GitHub's page show other numbers?</summary>
        <ul>
          <li>
            GitHub restates a day for about four days.{" "}
            {connector.latestFinalDay
              ? `Days to ${format.day(connector.latestFinalDay)} are final, later ones may still change.`
              : "No day is final yet."}
          </li>
          <li>Days run from midnight to midnight UTC and end yesterday.</li>
          <li>Over several days a person counts once here. GitHub's daily numbers, added up, count them on each day.</li>
          <li>
            The acceptance rate is of code completions alone. Editors count every feature, because GitHub does not split them.
          </li>
          <li>
            Amounts marked “estimated” use list prices, or the prices that you agreed under Health. GitHub's invoice decides.
          </li>
        </ul>
        <p>
          <Outside url={insights(connector)} title="Compare on GitHub" />
        </p>
      </details>
      <details>
        <summary>How do I stop it?</summary>
        <p>
          <a href={hrefOf(connector.id, "health")}>Health</a> → Stop and delete: the token is destroyed at once, then everything
          that was read. Or revoke the token on GitHub: then nothing new is read, and the data stays.
        </p>
      </details>
      <details>
        <summary>Does it change anything on GitHub?</summary>
        <p>No. It only reads. Seats are taken back by you, with commands that it writes for you.</p>
      </details>
    </Panel>
  );
}

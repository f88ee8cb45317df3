import {useState} from "preact/hooks";
import {problemOf, type Query} from "../api/client.ts";
import type {Connector} from "../api/names.ts";
import {useClient} from "../api/resource.ts";
import {saveFile} from "../ui/save.ts";

interface ExportProps {
  connector: Connector;
  kind: "usage" | "users" | "seats" | "cost" | "repositories";
  format?: "csv" | "focus";
  title?: string;
  query: Query;
}

/** Fetches a table and saves it as a file. A link could not send the token. */
export function Export({connector, kind, format = "csv", title = "Save as CSV", query}: ExportProps) {
  const client = useClient();
  const [said, setSaid] = useState<string | null>(null);
  const fetchFile = async () => {
    setSaid("Fetching…");
    try {
      const content = await client.file(`/connectors/${connector.id}/export`, {kind, format, ...query});
      saveFile(`${connector.slug}-${kind}${format === "focus" ? "-focus" : ""}.csv`, content);
      setSaid(null);
    } catch (error) {
      setSaid(problemOf(error, "The file could not be saved.").message);
    }
  };
  return (
    <>
      <button type="button" class="quiet" onClick={fetchFile}>
        {title}
      </button>
      <span role="status">{said}</span>
    </>
  );
}

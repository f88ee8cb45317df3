// The page around the element: it says where the API is, and signs the person in where the deployment has an issuer.
import type {Example} from "./api/names.ts";
import type {CopilotConnectors} from "./copilot-connectors.tsx";

const setting = (name: string) => document.querySelector<HTMLMetaElement>(`meta[name="connector:${name}"]`)?.content ?? "";

function show(tenant: string, token: () => string | null): CopilotConnectors {
  const element = document.createElement("copilot-connectors") as CopilotConnectors;
  element.setAttribute("api", location.origin);
  element.setAttribute("tenant", tenant);
  element.token = token;
  element.addEventListener("view", (event) => {
    document.title = `${(event as CustomEvent<{title: string}>).detail.title} · Copilot`;
  });
  document.getElementById("page")!.replaceChildren(element);
  return element;
}

/** Under `make run`: nobody signs in, and the simulated GitHub has accounts to try. */
async function local() {
  const element = show(setting("tenant"), () => null);
  const answer = await fetch("/local/simulated-accounts");
  if (answer.ok) element.examples = (await answer.json()) as Example[];
}

void local();

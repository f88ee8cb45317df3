// The page around the element. It tells the element where the API is, and signs the person in if the deployment has an issuer.
import {isReturn} from "./appreturn.ts";
import type {Example} from "./api/names.ts";
import type {TokenSource} from "./api/client.ts";
import type {CopilotConnectors} from "./copilot-connectors.tsx";
import {SignIn} from "./signin.ts";

const setting = (name: string) => document.querySelector<HTMLMetaElement>(`meta[name="connector:${name}"]`)?.content ?? "";

function show(tenant: string, token: TokenSource): CopilotConnectors {
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

/** Shows the element under `make run`, without a sign-in and with the accounts of the simulated GitHub. */
async function local() {
  const element = show(setting("tenant"), () => null);
  const answers = await Promise.all(["/local/simulated-accounts", "/local/simulated-apps"].map((list) => fetch(list)));
  const lists = await Promise.all(answers.map((answer) => (answer.ok ? (answer.json() as Promise<Example[]>) : [])));
  element.examples = lists.flat();
}

/** Shows the element on AWS, after a sign-in. The token names the tenant. */
async function signedIn() {
  const signIn = new SignIn({
    issuer: setting("issuer"),
    authorizationEndpoint: setting("authorization-endpoint"),
    tokenEndpoint: setting("token-endpoint"),
    clientId: setting("client-id"),
    scope: setting("scope"),
    tenantClaim: setting("tenant-claim"),
  });
  if (!SignIn.isBack()) return ask("Sign in to see your GitHub Copilot connectors.", signIn);
  try {
    const {tenant, token} = await signIn.comeBack();
    document.getElementById("person")!.replaceChildren(button("Sign in again", () => void signIn.leave()));
    show(tenant, token);
  } catch (error) {
    ask(error instanceof Error ? error.message : "The sign-in has failed.", signIn);
  }
}

function ask(text: string, signIn: SignIn) {
  const notice = document.createElement("div");
  notice.className = "notice";
  const words = document.createElement("p");
  words.setAttribute("role", "status");
  words.textContent = text;
  notice.append(
    words,
    button("Sign in", () => void signIn.leave()),
  );
  document.getElementById("page")!.replaceChildren(notice);
}

function button(text: string, onClick: () => void): HTMLButtonElement {
  const element = document.createElement("button");
  element.type = "button";
  element.textContent = text;
  element.addEventListener("click", onClick);
  return element;
}

if (isReturn()) document.getElementById("page")!.replaceChildren(document.createElement("copilot-connectors"));
else void (setting("issuer") ? signedIn() : local());

// <copilot-connectors api="https://…" tenant="…">: the connector's page as one custom element. Its host gives it a property
// `token`, a function that returns a bearer token or null, and may give `examples`, accounts to try a simulation with. The function
// gets the token that was refused last, if one was.
// It tells its host by the event `view` which screen is shown.
import {render} from "preact";
import {isReturn} from "./appreturn.ts";
import {App} from "./app.tsx";
import {Client, type TokenSource} from "./api/client.ts";
import type {Example} from "./api/names.ts";
import {Returned} from "./screens/returned.tsx";
import text from "./style.css";

const sheet = new CSSStyleSheet();
sheet.replaceSync(text);

export class CopilotConnectors extends HTMLElement {
  static readonly observedAttributes = ["api", "tenant"];
  #token: TokenSource | null = null; // nothing is shown before the host has given it
  #examples: Example[] = [];
  #root = this.attachShadow({mode: "open"});

  set token(source: TokenSource) {
    this.#token = source;
    this.#render();
  }

  set examples(list: Example[]) {
    this.#examples = list;
    this.#render();
  }

  connectedCallback() {
    this.#root.adoptedStyleSheets = [sheet];
    this.#takeOver("token");
    this.#takeOver("examples");
    this.#render();
  }

  /** Takes a property that the host has set before this script was there. */
  #takeOver(name: "token" | "examples") {
    if (!Object.hasOwn(this, name)) return;
    const value = this[name];
    delete this[name];
    Object.assign(this, {[name]: value});
  }

  disconnectedCallback() {
    render(null, this.#root);
  }

  attributeChangedCallback() {
    this.#render();
  }

  /** GitHub came back in this tab, which only hands over what it brought. */
  readonly #returned = isReturn();
  #client: {key: string; client: Client} | null = null;

  #render() {
    if (this.#returned && this.isConnected) return render(<Returned />, this.#root);
    const tenant = this.getAttribute("tenant");
    if (!this.isConnected || !tenant || !this.#token) return;
    const api = this.getAttribute("api") ?? "";
    const key = `${api} ${tenant}`;
    if (this.#client?.key !== key) this.#client = {key, client: new Client(api, tenant, (refused) => this.#token!(refused))};
    const view = (title: string) => this.dispatchEvent(new CustomEvent("view", {detail: {title}}));
    render(<App key={key} client={this.#client.client} examples={this.#examples} onView={view} />, this.#root);
  }
}

customElements.define("copilot-connectors", CopilotConnectors);

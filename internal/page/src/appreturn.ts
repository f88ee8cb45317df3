// The way to GitHub and back, to register a GitHub App or to install one. GitHub opens in a tab of its own and comes back there with a
// code. That tab hands the code to the one that waits, which alone knows the state. Nothing of it lies in storage.

/** What GitHub sends back. A field is empty where GitHub has not sent it. */
export interface Returned {
  code: string;
  installationId: string;
  request: boolean; // the person may not install the App, and GitHub has asked the owners
}

const channelName = "copilot-connectors app";
const mark = "app."; // begins each state of ours; that of a sign-in has no dot
const patience = 3000; // milliseconds until a tab takes for granted that nobody waits

/** Reports whether GitHub has just sent the person back. */
export function isReturn(): boolean {
  return new URLSearchParams(location.search).get("state")?.startsWith(mark) ?? false;
}

/** Takes what GitHub sent out of the address and hands it to the tab that waits. It tells whether one has taken it. */
export async function deliver(): Promise<boolean> {
  const address = new URL(location.href);
  const take = (name: string) => {
    const value = address.searchParams.get(name) ?? "";
    address.searchParams.delete(name);
    return value;
  };
  const message = {
    state: take("state"),
    code: take("code"),
    installationId: take("installation_id"),
    request: take("setup_action") === "request",
  };
  for (const name of ["error", "error_description", "error_uri"]) take(name);
  history.replaceState(null, "", address);
  const channel = new BroadcastChannel(channelName);
  try {
    return await new Promise<boolean>((done) => {
      channel.onmessage = ({data}) => {
        if (data?.taken === message.state) done(true);
      };
      setTimeout(() => done(false), patience);
      channel.postMessage(message);
    });
  } finally {
    channel.close();
  }
}

/** One way to GitHub: its state, which GitHub must bring back, and how to stop waiting. */
export interface Way {
  state: string;
  stop: () => void;
}

export function awaitReturn(onReturn: (back: Returned) => void): Way {
  const state = mark + [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const channel = new BroadcastChannel(channelName);
  channel.onmessage = ({data}) => {
    if (data?.state !== state) return;
    channel.postMessage({taken: state});
    channel.onmessage = null;
    onReturn({code: String(data.code), installationId: String(data.installationId), request: data.request === true});
    setTimeout(() => channel.close(), patience);
  };
  return {state, stop: () => channel.close()};
}

/** Posts a form to GitHub in another tab. */
export function postForm(action: string, fields: Record<string, string>) {
  const form = document.createElement("form");
  Object.assign(form, {method: "post", action, target: "_blank", rel: "noopener", hidden: true});
  for (const [name, value] of Object.entries(fields)) {
    const field = document.createElement("input");
    Object.assign(field, {type: "hidden", name, value});
    form.append(field);
  }
  document.body.append(form);
  form.submit();
  form.remove();
}

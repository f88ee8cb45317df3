// What somebody pastes to let us read: a token, or client id and key of an App. It stays in its fields alone.
import type {RefObject} from "preact";
import {useEffect, useRef, useState} from "preact/hooks";
import type {Given, Pasted} from "../api/names.ts";
import {useInstallation, type Installing} from "./installing.ts";
import {keyFault, kindOf} from "../token.ts";

export type Kind = "app" | "token";
type Name = "token" | "clientId" | "privateKey";
export type Faults = Partial<Record<Name, string>>;

export interface Credential {
  box: RefObject<HTMLDivElement | null>;
  kind: Kind;
  faults: Faults;
  choose: (kind: Kind) => void;
  fill: (pasted: Pasted) => void;
  read: () => Given;
  installing: Installing;
  ready: () => Promise<void>; // what read gives is complete; call it at once in the handler of a press
  check: () => Faults; // empty where it may be sent
  clearFaults: () => void;
  forget: () => void;
}

/** How long something pasted may lie in its field. */
const forgetAfter = 15 * 60_000;

export function usePasted(first: Kind = "app"): Credential {
  const box = useRef<HTMLDivElement>(null);
  const [kind, setKind] = useState<Kind>(first);
  const [faults, setFaults] = useState<Faults>({});
  const field = (name: Name) => fieldsOf(box.current).find((f) => f.name === name);
  const value = (name: Name) => field(name)?.value.trim() ?? "";
  const put = (name: Name, text: string) => {
    const into = field(name);
    if (!into) return;
    into.value = text;
    into.dispatchEvent(new Event("input", {bubbles: true}));
  };
  const installing = useInstallation();
  useForgetting(box);
  return {
    installing,
    ready: installing.renew,
    box,
    kind,
    faults,
    choose: (next) => {
      forget(box.current);
      installing.forget();
      setKind(next);
    },
    fill: (pasted) => {
      forget(box.current);
      installing.forget();
      setKind("app" in pasted ? "app" : "token");
      if ("token" in pasted) return put("token", pasted.token);
      put("clientId", pasted.app.clientId);
      put("privateKey", pasted.app.privateKey);
    },
    read: () =>
      installing.take() ??
      (kind === "token" ? {token: value("token")} : {app: {clientId: value("clientId"), privateKey: value("privateKey")}}),
    check: () => {
      if (installing.id !== null) return {};
      const found = kind === "token" ? tokenFaults(value("token")) : appFaults(value("clientId"), value("privateKey"));
      setFaults(found);
      return found;
    },
    clearFaults: () => setFaults({}),
    forget: () => {
      forget(box.current);
      installing.forget();
    },
  };
}

function tokenFaults(token: string): Faults {
  const kind = kindOf(token);
  if (kind.kind === "none") return {token: "Paste a token."};
  return kind.kind === "foreign" ? {token: kind.what} : {};
}

function appFaults(clientId: string, privateKey: string): Faults {
  const fault = keyFault(privateKey);
  return {...(clientId === "" && {clientId: "Paste the App's client id."}), ...(fault !== null && {privateKey: fault})};
}

type Field = HTMLInputElement | HTMLTextAreaElement;

function fieldsOf(box: HTMLElement | null): Field[] {
  return [...(box?.querySelectorAll<Field>("input[name]:not([type=radio]), textarea") ?? [])];
}

function forget(box: HTMLElement | null) {
  for (const field of fieldsOf(box)) {
    if (field.value === "") continue;
    field.value = "";
    field.dispatchEvent(new Event("input", {bubbles: true}));
  }
}

/** Clears the fields a while after the last paste, and when the page is left. */
function useForgetting(ref: RefObject<HTMLDivElement | null>) {
  useEffect(() => {
    const box = ref.current;
    if (!box) return;
    let timer = 0;
    const clear = () => forget(box);
    const restart = () => {
      clearTimeout(timer);
      timer = window.setTimeout(clear, forgetAfter);
    };
    box.addEventListener("input", restart);
    addEventListener("pagehide", clear);
    return () => {
      box.removeEventListener("input", restart);
      removeEventListener("pagehide", clear);
      clear();
      clearTimeout(timer);
    };
  }, []);
}

// The way by which an owner installs CloudMonitor's App. GitHub gives a code as proof, good for one call: Verify and Save need one each.
import {useEffect, useRef, useState} from "preact/hooks";
import {Problem} from "../api/client.ts";
import type {Given} from "../api/names.ts";
import {awaitReturn, type Way} from "../appreturn.ts";

export interface Installing {
  id: string | null; // of the installation; null where there is none
  away: boolean; // GitHub is open in another tab
  refusal: string | null; // why GitHub has sent no proof, and what to do
  connect: (installUrl: string) => Promise<boolean>; // whether a proof came; call it at once in the handler of a press: it opens a tab
  again: () => void; // opens the other tab once more
  renew: () => Promise<void>; // fetches another code where the last one was used
  knownAs: (clientId: string | null | undefined) => void; // of the App, as Verify tells it
  take: () => Given | null; // the proof, once
  forget: () => void;
}

const requested =
  "GitHub has sent your request to the account's owners: you may not install the App there yourself. An owner must press this button, also if the App was installed in the meantime.";
const nothing =
  "GitHub has sent no proof back: the App was not installed there, or you did not let it see who you are. Press the button again.";

export function useInstallation(): Installing {
  const [id, setId] = useState<string | null>(null);
  const [away, setAway] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const way = useRef<Way | null>(null);
  const url = useRef(""); // where the App is installed; empty: nothing was connected
  const page = useRef(""); // the other tab's address
  const client = useRef("");
  const proof = useRef({installationId: "", code: ""});
  const forget = () => {
    way.current?.stop();
    url.current = client.current = "";
    setAway(false);
    setRefusal(null);
    setId(null);
  };
  const again = () => void open(page.current, "_blank", "noopener");
  const visit = (address: string, query: Record<string, string>, known: string) =>
    new Promise<string | null>((done) => {
      way.current?.stop();
      way.current = awaitReturn(({code, installationId, request}) => {
        const found = installationId || known;
        const missing = code !== "" && found !== "" ? null : request ? requested : nothing;
        if (missing === null) {
          proof.current = {installationId: found, code};
          setId(found);
        }
        setAway(false);
        setRefusal(missing);
        done(missing);
      });
      setRefusal(null);
      setAway(true);
      page.current = `${address}?${new URLSearchParams({...query, state: way.current.state})}`;
      again();
    });
  useEffect(() => () => way.current?.stop(), []);
  return {
    id,
    away,
    refusal,
    again,
    forget,
    connect: async (installUrl) => {
      if ((await visit(installUrl, {}, "")) !== null) return false;
      url.current = installUrl;
      return true;
    },
    renew: async () => {
      if (url.current === "" || proof.current.code !== "") return;
      // GitHub sends nobody back from the page of an App that is installed already, but always from the one that asks who somebody is.
      const asks = new URL("/login/oauth/authorize", url.current).href;
      const missing = client.current
        ? await visit(asks, {client_id: client.current}, proof.current.installationId)
        : await visit(url.current, {}, "");
      if (missing !== null) throw new Problem(0, {detail: missing}, null);
    },
    knownAs: (clientId) => {
      client.current = clientId ?? "";
    },
    take: () => {
      if (url.current === "") return null;
      const installation = proof.current;
      proof.current = {...installation, code: ""};
      return {installation};
    },
  };
}

// The way by which an owner installs CloudMonitor's App. GitHub gives a code as proof, good for one call: Verify and Save need one each.
import {useEffect, useRef, useState} from "preact/hooks";
import type {Given} from "../api/names.ts";
import {awaitReturn, type Way} from "../appreturn.ts";

export interface Installing {
  id: string | null; // of the installation; null where there is none
  away: boolean; // GitHub is open in another tab
  connect: (installUrl: string) => Promise<void>; // call it at once in the handler of a press: it opens a tab
  renew: () => Promise<void>; // fetches another code where the last one was used
  take: () => Given | null; // the proof, once
  forget: () => void;
}

export function useInstallation(): Installing {
  const [id, setId] = useState<string | null>(null);
  const [away, setAway] = useState(false);
  const way = useRef<Way | null>(null);
  const url = useRef(""); // where the App is installed; empty: nothing was connected
  const proof = useRef({installationId: "", code: ""});
  const forget = () => {
    way.current?.stop();
    url.current = "";
    setAway(false);
    setId(null);
  };
  const connect = (installUrl: string) =>
    new Promise<void>((done) => {
      way.current?.stop();
      way.current = awaitReturn((back) => {
        url.current = installUrl;
        proof.current = back;
        setAway(false);
        setId(back.installationId);
        done();
      });
      setAway(true);
      open(`${installUrl}?${new URLSearchParams({state: way.current.state})}`, "_blank", "noopener");
    });
  useEffect(() => () => way.current?.stop(), []);
  return {
    id,
    away,
    connect,
    forget,
    renew: async () => {
      if (url.current !== "" && proof.current.code === "") await connect(url.current);
    },
    take: () => {
      if (url.current === "") return null;
      const installation = proof.current;
      proof.current = {...installation, code: ""};
      return {installation};
    },
  };
}

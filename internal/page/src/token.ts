// What a pasted string can be, told by its prefix before anything is sent. internal/credential judges by the same rules.
import {scopes} from "./rights.ts";

export type TokenKind = {kind: "classic" | "fine-grained"; what: string} | {kind: "foreign"; what: string} | {kind: "none"};

const foreign: [prefix: string, what: string][] = [
  ["gho_", "an OAuth access token of GitHub"],
  ["ghu_", "a user token of a GitHub App"],
  ["ghs_", "an installation token of a GitHub App"],
  ["ghr_", "a refresh token of a GitHub App"],
  ["sk-", "a key of another AI provider"],
  ["AKIA", "an access key of AWS"],
  ["xox", "a token of Slack"],
];

export function kindOf(pasted: string): TokenKind {
  const token = pasted.trim();
  if (token === "") return {kind: "none"};
  const kind = token.startsWith("ghp_") ? "classic" : token.startsWith("github_pat_") ? "fine-grained" : null;
  if (kind === null) {
    const known = foreign.find(([prefix]) => token.startsWith(prefix));
    return {
      kind: "foreign",
      what: `This is ${known ? known[1] : "no GitHub personal access token"}. It was not sent anywhere. Paste a token that begins with ghp_ or github_pat_.`,
    };
  }
  if (token.length > 255 || !/^[A-Za-z0-9_.-]+$/.test(token) || /^(ghp_|github_pat_)$/.test(token)) {
    return {
      kind: "foreign",
      what: "It begins like a GitHub token but is cut off, or something else was copied with it. It was not sent anywhere. Copy it again.",
    };
  }
  return {kind, what: kind === "classic" ? "classic personal access token" : "fine-grained personal access token"};
}

/** GitHub's page for a new token, with the scopes filled in. */
export function newTokenPage(scope: "organization" | "enterprise"): string {
  return `https://github.com/settings/tokens/new?${new URLSearchParams({scopes: scopes[scope], description: "CloudMonitor Copilot connector"})}`;
}

/** What keeps a pasted text from being the private key of an App, or null. internal/credential judges the key itself. */
export function keyFault(pasted: string): string | null {
  const key = pasted.trim();
  if (key === "") return "Paste the private key, or choose its file.";
  if (/^-----BEGIN (RSA )?PRIVATE KEY-----[^]+-----END (RSA )?PRIVATE KEY-----(\\n|\\r)*$/.test(key)) return null;
  return `This is ${
    key.includes("ENCRYPTED") ? "an encrypted key" : "not the whole file of a private key"
  }. It was not sent anywhere. Paste all of the .pem file that GitHub gave you, from the line BEGIN to the line END.`;
}

interface Place {
  scope: "organization" | "enterprise";
  slug: string;
  host: string;
}

/** GitHub's page for a new App of the account. */
export function newAppPage(account: Place): string {
  return settingsPage(account, account.scope === "organization" && named(account) ? "apps/new" : "apps");
}

/** GitHub's page of the Apps that are installed on the account. */
export function installedAppsPage(account: Place): string {
  return settingsPage(account, "installations");
}

function named({slug}: Place): boolean {
  return /^[A-Za-z0-9-]+$/.test(slug.trim());
}

/** A page among the account's settings; where it is not named yet, among the person's own. */
function settingsPage(account: Place, page: string): string {
  const host = account.host.trim();
  const base = `https://${/^[a-z0-9-]+\.ghe\.com$/i.test(host) ? host : "github.com"}`;
  return named(account) ? `${base}/${account.scope}s/${account.slug.trim()}/settings/${page}` : `${base}/settings/${page}`;
}

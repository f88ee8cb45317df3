// Sign-in by OpenID Connect, with an authorization code and PKCE. Tokens are only in memory. The session storage keeps the verifier,
// the state and the place in the page while the person is at the issuer.
import * as oauth from "oauth4webapi";
import type {TokenSource} from "./api/client.ts";

export interface Issuer {
  issuer: string;
  authorizationEndpoint: string;
  tokenEndpoint: string;
  clientId: string;
  scope: string;
  tenantClaim: string;
}

export interface SignedIn {
  tenant: string;
  token: TokenSource;
}

interface Leaving {
  verifier: string;
  state: string;
  hash: string;
}

const kept = "copilot-connectors sign-in";
const early = 60_000; // milliseconds before its end when a token is renewed

export class SignIn {
  readonly #issuer: Issuer;
  readonly #server: oauth.AuthorizationServer;
  readonly #client: oauth.Client;
  readonly #options: {[oauth.allowInsecureRequests]: boolean};
  readonly #redirect = location.origin + "/";

  constructor(issuer: Issuer) {
    this.#issuer = issuer;
    this.#server = {
      issuer: issuer.issuer,
      authorization_endpoint: issuer.authorizationEndpoint,
      token_endpoint: issuer.tokenEndpoint,
    };
    this.#client = {client_id: issuer.clientId};
    // The server accepts an issuer without TLS only on loopback.
    this.#options = {[oauth.allowInsecureRequests]: issuer.issuer.startsWith("http://")};
  }

  /** Sends the person to the issuer, which sends them back here. */
  async leave() {
    const leaving: Leaving = {
      verifier: oauth.generateRandomCodeVerifier(),
      state: oauth.generateRandomState(),
      hash: location.hash,
    };
    sessionStorage.setItem(kept, JSON.stringify(leaving));
    const to = new URL(this.#issuer.authorizationEndpoint);
    const parameters = {
      client_id: this.#issuer.clientId,
      redirect_uri: this.#redirect,
      response_type: "code",
      scope: this.#issuer.scope,
      state: leaving.state,
      code_challenge: await oauth.calculatePKCECodeChallenge(leaving.verifier),
      code_challenge_method: "S256",
    };
    for (const [name, value] of Object.entries(parameters)) to.searchParams.set(name, value);
    location.assign(to);
  }

  /** Reports whether the issuer has just sent the person back. */
  static isBack(): boolean {
    const query = new URLSearchParams(location.search);
    return query.has("state") && (query.has("code") || query.has("error"));
  }

  /** Removes the code from the address and exchanges it for tokens. */
  async comeBack(): Promise<SignedIn> {
    const from = new URL(location.href);
    const leaving = JSON.parse(sessionStorage.getItem(kept) ?? "null") as Leaving | null;
    sessionStorage.removeItem(kept);
    history.replaceState(null, "", "/" + (leaving?.hash ?? ""));
    if (!leaving) throw new Error("This sign-in was not begun in this window. Begin again.");
    const parameters = oauth.validateAuthResponse(this.#server, this.#client, from, leaving.state);
    const answer = await oauth.authorizationCodeGrantRequest(
      this.#server,
      this.#client,
      oauth.None(),
      parameters,
      this.#redirect,
      leaving.verifier,
      this.#options,
    );
    return this.#signedIn(await oauth.processAuthorizationCodeResponse(this.#server, this.#client, answer));
  }

  #signedIn(tokens: oauth.TokenEndpointResponse): SignedIn {
    const tenant = claimOf(tokens.access_token, this.#issuer.tenantClaim);
    if (tenant === null)
      throw new Error(
        `Your sign-in names no tenant: its token has no claim “${this.#issuer.tenantClaim}”. Ask whoever runs the sign-in.`,
      );
    let current = tokens;
    let ends = endOf(tokens);
    const token = async (refused?: string) => {
      if (Date.now() < ends - early && current.access_token !== refused) return current.access_token;
      if (!current.refresh_token) return Date.now() < ends ? current.access_token : null;
      try {
        const answer = await oauth.refreshTokenGrantRequest(
          this.#server,
          this.#client,
          oauth.None(),
          current.refresh_token,
          this.#options,
        );
        current = {
          refresh_token: current.refresh_token,
          ...(await oauth.processRefreshTokenResponse(this.#server, this.#client, answer)),
        };
        ends = endOf(current);
        return current.access_token;
      } catch {
        return null;
      }
    };
    return {tenant, token};
  }
}

function endOf({expires_in}: oauth.TokenEndpointResponse): number {
  return Date.now() + (expires_in ?? 3600) * 1000;
}

/** Reads a claim of a JWT. It does not check the token: the API's gateway does. The claim only selects the path of the API. */
function claimOf(token: string, claim: string): string | null {
  try {
    const payload = token.split(".")[1]!.replaceAll("-", "+").replaceAll("_", "/");
    const value = (JSON.parse(atob(payload)) as Record<string, unknown>)[claim];
    return typeof value === "string" ? value : null;
  } catch {
    return null;
  }
}

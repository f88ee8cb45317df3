// The client of the Admin API. It keeps no answers.
import type {Check, ProblemBody} from "./names.ts";

/**
 * Gives the bearer token of the moment; null where the host needs none, as under `make run`. Asked before each call, and once more
 * with the token that the API has refused, so that the host can fetch another.
 */
export type TokenSource = (refused?: string) => string | null | Promise<string | null>;

/** The body of a problem. The API, the gateway or the page itself has written it. */
type Body = Partial<Omit<ProblemBody, "code">> & {code?: ProblemBody["code"] | "unreachable" | "signed_out"};

/** A call that has failed. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly requestId: string | null;
  readonly body: Body;

  constructor(status: number, body: Body, requestId: string | null) {
    super(body.detail ?? body.title ?? `The answer was ${status}.`);
    this.status = status;
    this.code = body.code ?? "unknown";
    this.body = body;
    this.requestId = requestId;
  }

  get checks(): Check[] | null {
    return (this.body.checks as Check[] | undefined) ?? null;
  }

  get existingId(): string | null {
    return this.body.existingId ?? null;
  }

  fieldError(field: string): string | null {
    return this.body.errors?.find((e) => e.field === field)?.detail ?? null;
  }
}

/** Returns a thrown problem, or a new one with these words if something else was thrown. */
export function problemOf(thrown: unknown, words: string): Problem {
  return thrown instanceof Problem ? thrown : new Problem(0, {detail: words}, null);
}

export type Query = Record<string, string | number | null | undefined>;

interface Call {
  query?: Query;
  body?: unknown;
  signal?: AbortSignal;
}

export class Client {
  readonly tenant: string;
  readonly #base: string;
  readonly #token: TokenSource;

  constructor(api: string, tenant: string, token: TokenSource) {
    this.tenant = tenant;
    this.#base = `${api.replace(/\/$/, "")}/v1/tenants/${encodeURIComponent(tenant)}`;
    this.#token = token;
  }

  async get<T>(path: string, call: Call = {}): Promise<T> {
    return (await this.#send("GET", path, call)).json() as Promise<T>;
  }

  async send<T>(method: "POST" | "PUT" | "PATCH", path: string, call: Call = {}): Promise<T> {
    return (await this.#send(method, path, call)).json() as Promise<T>;
  }

  async delete(path: string): Promise<void> {
    await this.#send("DELETE", path, {});
  }

  async file(path: string, query: Query): Promise<Blob> {
    return (await this.#send("GET", path, {query})).blob();
  }

  /** Reads all pages of a list. */
  async all<T extends {next: string | null}, Row>(
    path: string,
    query: Query,
    rows: (page: T) => Row[],
    signal?: AbortSignal,
  ): Promise<{first: T; rows: Row[]}> {
    const call = signal ? {signal} : {};
    const first = await this.get<T>(path, {query, ...call});
    const list = rows(first);
    for (let next = first.next; next !== null; ) {
      const page = await this.get<T>(path, {query: {...query, next}, ...call});
      list.push(...rows(page));
      next = page.next;
    }
    return {first, rows: list};
  }

  async #send(method: string, path: string, call: Call): Promise<Response> {
    const bearer = await this.#token();
    let response = await this.#ask(method, path, call, bearer);
    if (response.status === 401 && bearer) {
      // The gateway has refused before anything was done, so the call is safe to repeat.
      const another = await this.#token(bearer);
      if (another && another !== bearer) response = await this.#ask(method, path, call, another);
    }
    if (response.ok) return response;
    throw new Problem(response.status, await bodyOf(response), requestId(response));
  }

  async #ask(method: string, path: string, {query = {}, body, signal}: Call, bearer: string | null): Promise<Response> {
    const parameters = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) {
      if (value !== null && value !== undefined && value !== "") parameters.set(name, String(value));
    }
    const search = parameters.toString();
    const headers = new Headers({Accept: "application/json, application/problem+json"});
    if (bearer) headers.set("Authorization", `Bearer ${bearer}`);
    if (body !== undefined) headers.set("Content-Type", "application/json");
    try {
      return await fetch(this.#base + path + (search && `?${search}`), {
        method,
        headers,
        credentials: "omit",
        cache: "no-store",
        ...(body !== undefined && {body: JSON.stringify(body)}),
        ...(signal && {signal}),
      });
    } catch (error) {
      if (signal?.aborted) throw error;
      throw new Problem(
        0,
        {code: "unreachable", detail: "The connector's API does not answer. Check the network and try again."},
        null,
      );
    }
  }
}

async function bodyOf(response: Response): Promise<Body> {
  if (response.status === 401) return {code: "signed_out", detail: "You are signed out. Sign in again to go on."};
  try {
    const body = await response.json();
    // The gateway in front of the API answers {"message": …}.
    return typeof body.detail === "string" ? body : {detail: body.message ?? `The answer was ${response.status}.`};
  } catch {
    return {detail: `The answer was ${response.status} and holds no explanation.`};
  }
}

function requestId(response: Response): string | null {
  return response.headers.get("Apigw-Requestid") ?? response.headers.get("X-Request-Id");
}

import { Agent, request } from "node:https";

/** The Kubernetes API, by its own paths. */
export interface Api {
  readonly url: string;
  /** Rejects with the API's words when it is not there or may not be seen. */
  get<Kind>(path: string): Promise<Kind>;
  /** The items of a list. */
  list<Kind>(path: string): Promise<readonly Kind[]>;
  /** Whatever it answers. */
  ask(method: string, path: string, body?: object): Promise<Answer>;
  close(): void;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export interface ApiOptions {
  readonly url: string;
  readonly token: string;
  /** PEM text of who signed its certificate. */
  readonly authority: string;
}

export function createApi({ url, token, authority }: ApiOptions): Api {
  const agent = new Agent({ keepAlive: true, ca: authority });
  const ask = (method: string, path: string, body?: object) =>
    new Promise<Answer>((resolve, reject) => {
      const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
      const asking = request(`${url}${path}`, { method, agent, headers }, (response) => {
        const parts: Buffer[] = [];
        response.on("data", (part: Buffer) => parts.push(part));
        response.on("error", reject);
        response.on("end", () => {
          const text = Buffer.concat(parts).toString();
          resolve({ status: response.statusCode ?? 0, body: parse(text) });
        });
      });
      asking.on("error", reject);
      asking.end(body === undefined ? undefined : JSON.stringify(body));
    });
  const get = async <Kind>(path: string) => {
    const { status, body } = await ask("GET", path);
    if (status !== 200) throw new Error(`GET ${path} answers ${status}: ${messageOf(body)}`);
    return body as Kind;
  };
  return {
    url,
    ask,
    get,
    list: async <Kind>(path: string) =>
      (await get<{ readonly items: readonly Kind[] }>(path)).items,
    close: () => agent.destroy(),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Of a Status, or the text itself. */
export function messageOf(body: unknown): string {
  if (typeof body === "object" && body !== null && "message" in body) return String(body.message);
  return typeof body === "string" ? body.trim() : JSON.stringify(body);
}

/** Asks, and throws unless it worked. */
export async function create(api: Api, path: string, body: object): Promise<void> {
  const answer = await api.ask("POST", path, body);
  if (answer.status > 299) {
    throw new Error(`POST ${path} answers ${answer.status}: ${messageOf(answer.body)}`);
  }
}

/** The answer to one call of the admin API over HTTP. */
export interface AdminAnswer {
  readonly status: number;
  readonly json: Readonly<Record<string, unknown>>;
}

export interface AdminQuestion {
  readonly port: number;
  readonly model: string;
  /** E.g. "setWeights". */
  readonly verb: string;
  /** Besides the reason. */
  readonly body?: Readonly<Record<string, unknown>>;
}

/** POST /v1/rollouts/MODEL:VERB. */
export async function askAdmin({ port, model, verb, body }: AdminQuestion): Promise<AdminAnswer> {
  const response = await fetch(`http://127.0.0.1:${port}/v1/rollouts/${model}:${verb}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ reason: "a test", ...body }),
  });
  return { status: response.status, json: (await response.json()) as AdminAnswer["json"] };
}

/** The revision that it makes; throws when it is refused. */
export async function changeByAdmin(question: AdminQuestion): Promise<number> {
  const { status, json } = await askAdmin(question);
  if (status === 200) return Number(json["newRevision"]);
  throw new Error(`${question.verb}: ${status} ${JSON.stringify(json)}`);
}

/** GET /v1/rollouts/MODEL. */
export async function getByAdmin(port: number, model: string): Promise<AdminAnswer> {
  const response = await fetch(`http://127.0.0.1:${port}/v1/rollouts/${model}`);
  return { status: response.status, json: (await response.json()) as AdminAnswer["json"] };
}

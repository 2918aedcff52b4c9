import { type CodeName, ServingError } from "../../../proto/serving-error.ts";
import { storePassword } from "../store-address.ts";

interface Reading {
  readonly code: CodeName;
  readonly what: string;
}

/** By how Redis begins what it says. */
const readings: readonly (readonly [RegExp, Reading])[] = [
  [
    /^(WRONGPASS|NOAUTH)|invalid password/,
    {
      code: "UNAVAILABLE",
      what: `refuses the user or the password: set ${storePassword} or its file`,
    },
  ],
  [/^NOPERM/, { code: "UNAVAILABLE", what: "does not allow this user to do that" }],
  [
    /^(OOM|MISCONF|NOREPLICAS)/,
    { code: "RESOURCE_EXHAUSTED", what: "takes no writes now, nothing was changed" },
  ],
  [
    /^READONLY/,
    { code: "UNAVAILABLE", what: "is a replica for now, nothing was changed: try again" },
  ],
  [
    /WRONGTYPE/,
    {
      code: "FAILED_PRECONDITION",
      what: "has something else under these keys: choose another key prefix",
    },
  ],
  [
    /^(LOADING|CLUSTERDOWN|MASTERDOWN|TRYAGAIN|BUSY)/,
    { code: "UNAVAILABLE", what: "is not ready" },
  ],
  [
    /timed? ?out|did not answer/i,
    {
      code: "UNAVAILABLE",
      what: "did not answer in time",
    },
  ],
  [/^[A-Z]+ /, { code: "UNAVAILABLE", what: "refuses the command" }],
];

const unreachable: Reading = { code: "UNAVAILABLE", what: "cannot be reached" };

export interface StoreNaming {
  readonly name: string;
  readonly secrets: readonly string[];
  /** Environment variable of the password. Default: the store's. */
  readonly passwordIn?: string;
}

/**
 * What a failure means for whoever wanted something of the store. ioredis hangs commands on its errors, with passwords
 * among their arguments: only the text goes on, without secrets.
 */
export function redisError(error: unknown, naming: StoreNaming): ServingError {
  if (error instanceof ServingError) return error;
  const { name, secrets, passwordIn = storePassword } = naming;
  const text = withoutSecrets(error instanceof Error ? error.message : String(error), secrets);
  const { code, what } = readings.find(([pattern]) => pattern.test(text))?.[1] ?? unreachable;
  const said = what.replace(storePassword, passwordIn);
  return new ServingError(code, `the store ${name} ${said} (${text})`, { cause: new Error(text) });
}

function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets.reduce((rest, secret) => rest.replaceAll(secret, "…"), text);
}

import { refusal, type Refusal } from "./refusal.ts";
import type { Route } from "./route.ts";

export interface Match {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
}

export type MatchRoute = (method: string, url: string) => Match | Refusal;

interface Pattern {
  readonly route: Route;
  readonly expression: RegExp;
  readonly names: readonly string[];
}

const longestShown = 100;
const badEscape = "the path has a % that no two hexadecimal digits of valid UTF-8 follow";
const parameter = /\{(\w+)\}/g;

/** @param routes Those that are asked most come first. */
export function createMatchRoute(routes: readonly Route[]): MatchRoute {
  const patterns = routes.map(patternOf);
  const known = routes.map(({ method, template }) => `${method} ${template}`).join(", ");

  return (method, url) => {
    const [path, query] = splitUrl(url);
    const wanted = method === "HEAD" ? "GET" : method;
    for (const pattern of patterns) {
      const values = pattern.route.method === wanted ? pattern.expression.exec(path) : null;
      if (values === null) continue;
      const read = readQuery(query, Object.keys(pattern.route.operation.query ?? {}));
      return "error" in read ? read : matched(pattern, values, read);
    }
    const others = patterns.filter(({ expression }) => expression.test(path));
    if (others.length > 0) return wrongMethod(method, others);
    return refusal(404, ["NOT_FOUND", `no ${shown(path)} here; there are ${known}`]);
  };
}

/** A parameter ends at "/" and at ":", behind which is a verb; percent-encoded it may hold both. */
function patternOf(route: Route): Pattern {
  const literal = route.template.replaceAll(/[.*+?^$()|[\]\\]/g, String.raw`\$&`);
  const expression = new RegExp(`^${literal.replaceAll(parameter, "([^/:]+)")}$`);
  return { route, expression, names: Array.from(literal.matchAll(parameter), ([, name]) => name!) };
}

function matched(
  { route, names }: Pattern,
  values: RegExpExecArray,
  { query }: Pick<Match, "query">,
): Match | Refusal {
  const params: Record<string, string> = {};
  try {
    for (const [i, name] of names.entries()) params[name] = decodeURIComponent(values[i + 1]!);
  } catch {
    return wrong(badEscape);
  }
  return { route, params, query };
}

const wrong = (what: string) => refusal(400, ["INVALID_ARGUMENT", what]);

function readQuery(
  text: string | undefined,
  known: readonly string[],
): Pick<Match, "query"> | Refusal {
  if (text === undefined) return { query: {} };
  if (known.length === 0) return wrong(`no query is read here; got ?${shown(text)}`);
  const query: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(text)) {
    if (!known.includes(name))
      return wrong(`?${shown(name)} is not read here; there is ${known.join(", ")}`);
    if (Object.hasOwn(query, name)) return wrong(`?${name} is given twice`);
    query[name] = value;
  }
  return { query };
}

/** Proxies may send the whole URL. */
function splitUrl(url: string): readonly [path: string, query?: string] {
  const path = url.startsWith("/") ? url : url.replace(/^https?:\/\/[^/?]*/i, "");
  const at = path.indexOf("?");
  return at < 0 ? [path] : [path.slice(0, at), path.slice(at + 1)];
}

function wrongMethod(method: string, matches: readonly Pattern[]): Refusal {
  const methods = matches.map(({ route }) => route.method);
  const allow = methods.flatMap((one) => (one === "GET" ? ["GET", "HEAD"] : [one])).join(", ");
  return refusal(405, ["UNIMPLEMENTED", `no ${method} here; send ${allow}`], { allow });
}

function shown(text: string): string {
  return text.length > longestShown ? `${text.slice(0, longestShown)}…` : text;
}

import { refusal, type Refusal } from "./refusal.ts";
import type { Route } from "./route.ts";

export interface Match {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

export type MatchRoute = (method: string, url: string) => Match | Refusal;

interface Pattern {
  readonly route: Route;
  readonly expression: RegExp;
}

const longestShown = 100;
const badEscape = "the path has a % that no two hexadecimal digits of valid UTF-8 follow";

/** @param routes Those that are asked most come first. */
export function createMatchRoute(routes: readonly Route[]): MatchRoute {
  const patterns = routes.map((route) => ({ route, expression: expressionOf(route.template) }));
  const known = routes.map(({ method, template }) => `${method} ${template}`).join(", ");

  return (method, url) => {
    const [path, query] = splitUrl(url);
    const wanted = method === "HEAD" ? "GET" : method;
    const matches = patterns.filter(({ expression }) => expression.test(path));
    const pattern = matches.find(({ route }) => route.method === wanted);
    if (pattern === undefined) {
      if (matches.length > 0) return wrongMethod(method, matches);
      return refusal(404, ["NOT_FOUND", `no ${shown(path)} here; there are ${known}`]);
    }
    if (query !== undefined)
      return refusal(400, ["INVALID_ARGUMENT", `no route reads a query; got ?${shown(query)}`]);
    const params = paramsOf(pattern, path);
    return params === undefined
      ? refusal(400, ["INVALID_ARGUMENT", badEscape])
      : { route: pattern.route, params };
  };
}

/** A parameter ends at "/" and at ":", behind which is a verb; percent-encoded it may hold both. */
function expressionOf(template: string): RegExp {
  const literal = template.replaceAll(/[.*+?^$()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${literal.replaceAll(/\{(\w+)\}/g, "(?<$1>[^/:]+)")}$`);
}

/** Proxies may send the whole URL. */
function splitUrl(url: string): readonly [path: string, query?: string] {
  const path = url.startsWith("/") ? url : url.replace(/^https?:\/\/[^/?]*/i, "");
  const at = path.indexOf("?");
  return at < 0 ? [path] : [path.slice(0, at), path.slice(at + 1)];
}

function paramsOf({ expression }: Pattern, path: string): Record<string, string> | undefined {
  const groups = Object.entries(expression.exec(path)?.groups ?? {});
  try {
    return Object.fromEntries(groups.map(([name, text]) => [name, decodeURIComponent(text)]));
  } catch {
    return undefined;
  }
}

function wrongMethod(method: string, matches: readonly Pattern[]): Refusal {
  const methods = matches.map(({ route }) => route.method);
  const allow = methods.flatMap((one) => (one === "GET" ? ["GET", "HEAD"] : [one])).join(", ");
  return refusal(405, ["UNIMPLEMENTED", `no ${method} here; send ${allow}`], { allow });
}

function shown(text: string): string {
  return text.length > longestShown ? `${text.slice(0, longestShown)}…` : text;
}

import { type DescMethod, type FileRegistry, fromJson, toBinary } from "@bufbuild/protobuf";
import { nearest } from "../../proto/nearest.ts";
import { ServingError } from "../../proto/serving-error.ts";

/** One unary method of any service. */
export interface MethodSchema {
  /** E.g. "/crossfade.v1.RecommenderService/Recommend". */
  readonly path: string;
  /** INVALID_ARGUMENT for what is no JSON of its request, unknown fields included. */
  readonly encode: (request: unknown) => Uint8Array;
}

/** @param name "package.Service/Method", also with a dot before the method; the package may be left out where that is clear. */
export function findMethod(registry: FileRegistry, name: string): MethodSchema {
  const method = lookUp(methodsOf(registry), name.replace(/^\//, ""));
  if (method.methodKind !== "unary") {
    const problem = `${nameOf(method)} is a ${method.methodKind.replaceAll("_", " ")} method`;
    throw new ServingError("INVALID_ARGUMENT", `${problem}; only unary ones are load tested`);
  }
  return {
    path: `/${nameOf(method)}`,
    encode(request) {
      try {
        const message = fromJson(method.input, request as never, { registry });
        return toBinary(method.input, message);
      } catch (error) {
        throw new ServingError(
          "INVALID_ARGUMENT",
          `not a ${method.input.typeName}: ${(error as Error).message}${meant(error, method)}`,
        );
      }
    },
  };
}

function methodsOf(registry: FileRegistry): DescMethod[] {
  return [...registry].flatMap((type) => (type.kind === "service" ? type.methods : []));
}

const nameOf = ({ parent, name }: DescMethod): string => `${parent.typeName}/${name}`;

function lookUp(methods: readonly DescMethod[], asked: string): DescMethod {
  const name = asked.includes("/") ? asked : asked.replace(/\.(?=[^.]*$)/, "/");
  const found = methods.filter((method) => fits(nameOf(method), name));
  if (found.length === 1) return found[0]!;
  const names = methods.map(nameOf);
  if (found.length > 1) {
    const which = found.map(nameOf).join(", ");
    throw new ServingError("INVALID_ARGUMENT", `${asked} could be ${which}; say which`);
  }
  // People misspell the method more often than the package, and leave the package out.
  const near =
    nearest(name, names) ??
    names.find((full) => last(full) === nearest(last(name), names.map(last)));
  const hint = near === undefined ? `there are ${names.join(", ")}` : `did you mean ${near}?`;
  throw new ServingError("NOT_FOUND", `there is no method ${asked}; ${hint}`);
}

const last = (full: string): string => full.slice(full.lastIndexOf("/") + 1);

function fits(full: string, name: string): boolean {
  return full === name || full.endsWith(`.${name}`) || full.endsWith(`/${name}`);
}

/** The field that a misspelt one may have meant. */
function meant(error: unknown, { input }: DescMethod): string {
  const key = /key "([^"]+)" is unknown/.exec((error as Error).message)?.[1];
  const fields = input.fields.map(({ jsonName }) => jsonName);
  const near = key === undefined ? undefined : nearest(key, fields);
  return near === undefined ? "" : `; did you mean ${JSON.stringify(near)}?`;
}

import { dirname, resolve } from "node:path";
import { createFileRegistry, fromBinary, type FileRegistry } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema, type FileDescriptorProto } from "@bufbuild/protobuf/wkt";
import { ServingError } from "../../proto/serving-error.ts";
import { standardize } from "./standardize.ts";

export interface ProtoFiles {
  readonly files: readonly string[];
  /** Where imports are looked for, besides each file's own folder. */
  readonly importPaths: readonly string[];
}

/** What `.proto` files describe. INVALID_ARGUMENT for files that are not there or are no `.proto`. */
export async function schemaOfFiles({ files, importPaths }: ProtoFiles): Promise<FileRegistry> {
  const { loadSync } = await import("@grpc/proto-loader");
  const includeDirs = [...importPaths, ...files.map((file) => dirname(resolve(file)))];
  try {
    const definitions = files.map((file) =>
      loadSync(resolve(file), { keepCase: true, includeDirs }),
    );
    const registry = createFileRegistry(standardize(descriptorsOf(definitions)));
    if (![...registry].some(({ kind }) => kind === "service")) throw new Error("no service in it");
    return registry;
  } catch (error) {
    const problem = `cannot read ${files.join(", ")}: ${(error as Error).message}`;
    const hint = "imports start from --import-path; or let the server describe itself";
    throw new ServingError("INVALID_ARGUMENT", `${problem}; ${hint}`, { cause: error });
  }
}

/** One for each package, as protobufjs writes them. */
function descriptorsOf(definitions: readonly object[]): FileDescriptorProto[] {
  const byName = new Map<string, FileDescriptorProto>();
  for (const part of definitions.flatMap((definition) => Object.values(definition))) {
    const { fileDescriptorProtos = [] } = part as { fileDescriptorProtos?: readonly Buffer[] };
    for (const bytes of fileDescriptorProtos) {
      const file = fromBinary(FileDescriptorProtoSchema, bytes);
      const known = byName.get(file.name);
      if (known === undefined) byName.set(file.name, file);
      else join(known, file);
    }
  }
  return [...byName.values()];
}

/** Two files of one package are read apart, and each brings what it imports. */
function join(into: FileDescriptorProto, from: FileDescriptorProto): void {
  add(into.messageType, from.messageType);
  add(into.enumType, from.enumType);
  add(into.service, from.service);
}

function add<Named extends { readonly name: string }>(into: Named[], from: readonly Named[]): void {
  for (const one of from) if (!into.some(({ name }) => name === one.name)) into.push(one);
}

import {
  createFileRegistry,
  fromBinary,
  toBinary,
  type DescFile,
  type FileRegistry,
} from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";

type DescType = FileRegistry extends Iterable<infer Type> ? Type : never;

/** Encoded FileDescriptorProtos by what callers of server reflection know: a file's name or a symbol in it. */
export interface DescriptorIndex {
  /** The file and all that it imports, itself first. */
  byName(file: string): Buffer[] | undefined;
  /** A service, method, message, field, enum or enum value, fully qualified. */
  bySymbol(symbol: string): Buffer[] | undefined;
  isMessage(name: string): boolean;
}

/** @param set An encoded FileDescriptorSet. */
export function indexDescriptors(set: Uint8Array): DescriptorIndex {
  const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, set));
  const files = new Map<string, DescFile>();
  for (const type of registry) for (const symbol of symbolsOf(type)) files.set(symbol, type.file);
  return {
    byName: (name) => withImports(registry.getFile(name)),
    bySymbol: (symbol) => withImports(files.get(symbol)),
    isMessage: (name) => registry.getMessage(name) !== undefined,
  };
}

function* symbolsOf(type: DescType): Generator<string> {
  yield type.typeName;
  const members = membersOf(type);
  // An enum's values live beside it, not in it.
  const scope = type.kind === "enum" ? type.typeName.replace(/\.[^.]*$/, "") : type.typeName;
  for (const { name } of members) yield `${scope}.${name}`;
}

function membersOf(type: DescType): readonly { readonly name: string }[] {
  if (type.kind === "message") return [...type.fields, ...type.oneofs];
  if (type.kind === "enum") return type.values;
  return type.kind === "service" ? type.methods : [];
}

function withImports(file: DescFile | undefined): Buffer[] | undefined {
  if (file === undefined) return undefined;
  const found = new Set([file]);
  // A Set's iteration reaches what is added on the way.
  for (const { dependencies } of found) for (const imported of dependencies) found.add(imported);
  return Array.from(found, ({ proto }) => Buffer.from(toBinary(FileDescriptorProtoSchema, proto)));
}

import { create } from "@bufbuild/protobuf";
import {
  type DescriptorProto,
  type FieldDescriptorProto,
  type FileDescriptorProto,
  type FileDescriptorSet,
  FileDescriptorSetSchema,
} from "@bufbuild/protobuf/wkt";

/**
 * protobufjs leaves names as they stand in the source and does not say which file needs which; other readers of
 * descriptors want full names, imports, and what is imported first.
 */
export function standardize(files: readonly FileDescriptorProto[]): FileDescriptorSet {
  const owners = new Map<string, FileDescriptorProto>();
  for (const file of files) {
    for (const name of namesIn(file, file.package)) owners.set(name, file);
  }
  for (const field of files.flatMap((file) => [...fieldsIn(file)])) {
    field.jsonName ||= camelCase(field.name);
  }
  for (const file of files) {
    const used = new Set<FileDescriptorProto>();
    for (const { place, scope } of typeNamesIn(file, file.package)) {
      const name = qualify(place.typeName, { scope, known: owners });
      if (name === undefined) continue;
      place.typeName = `.${name}`;
      used.add(owners.get(name)!);
    }
    used.delete(file);
    file.dependency = Array.from(used, ({ name }) => name);
  }
  return create(FileDescriptorSetSchema, { file: importedFirst(files) });
}

interface Types {
  readonly messageType?: DescriptorProto[];
  readonly nestedType?: DescriptorProto[];
  readonly enumType: readonly { readonly name: string }[];
}

function* namesIn(holder: Types, scope: string): Generator<string> {
  const inScope = (name: string) => (scope === "" ? name : `${scope}.${name}`);
  for (const { name } of holder.enumType) yield inScope(name);
  for (const message of messagesOf(holder)) {
    yield inScope(message.name);
    yield* namesIn(message, inScope(message.name));
  }
}

interface TypeName {
  readonly place: { typeName: string };
  readonly scope: string;
}

function* typeNamesIn(holder: Types, scope: string): Generator<TypeName> {
  for (const message of messagesOf(holder)) {
    const own = scope === "" ? message.name : `${scope}.${message.name}`;
    for (const place of message.field) if (place.typeName !== "") yield { place, scope: own };
    yield* typeNamesIn(message, own);
  }
}

function* fieldsIn(holder: Types): Generator<FieldDescriptorProto> {
  for (const message of messagesOf(holder)) {
    yield* message.field;
    yield* fieldsIn(message);
  }
}

/** As protoc makes JSON names. */
function camelCase(name: string): string {
  return name.replace(/_+(.?)/g, (_, letter: string) => letter.toUpperCase());
}

function messagesOf({ messageType, nestedType }: Types): readonly DescriptorProto[] {
  return messageType ?? nestedType ?? [];
}

interface Scope {
  readonly scope: string;
  readonly known: ReadonlyMap<string, unknown>;
}

/**
 * As protobuf looks names up, from the innermost scope outwards. protobufjs shortens names that the source has in full,
 * so that one that could be two things may mean either.
 */
function qualify(typeName: string, { scope, known }: Scope): string | undefined {
  if (typeName.startsWith(".")) return typeName.slice(1);
  const parts = scope === "" ? [] : scope.split(".");
  const names = Array.from({ length: parts.length + 1 }, (_, i) =>
    [...parts.slice(0, parts.length - i), typeName].join("."),
  ).filter((name) => known.has(name));
  if (names.length > 1) throw new Error(`${typeName} in ${scope} may be ${names.join(" or ")}`);
  return names[0];
}

function importedFirst(files: readonly FileDescriptorProto[]): FileDescriptorProto[] {
  const ordered = new Set<FileDescriptorProto>();
  const visit = (file: FileDescriptorProto, importing: readonly string[]) => {
    if (importing.includes(file.name))
      throw new Error(`the packages ${importing.join(", ")} import each other`);
    if (ordered.has(file)) return;
    for (const name of file.dependency) {
      visit(
        files.find((one) => one.name === name)!,
        [...importing, file.name],
      );
    }
    ordered.add(file);
  };
  for (const file of files) visit(file, []);
  return [...ordered];
}

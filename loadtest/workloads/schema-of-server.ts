import { createFileRegistry, create, fromBinary, type FileRegistry } from "@bufbuild/protobuf";
import {
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
} from "@bufbuild/protobuf/wkt";
import {
  ServerReflectionRequest,
  ServerReflectionResponse,
} from "../../proto/gen/grpc/reflection/v1/reflection.ts";
import { Code, codeFrom, nameOf, ServingError } from "../../proto/serving-error.ts";
import type { CallOptions, Channel } from "../../transport/transport.ts";

type Question = NonNullable<ServerReflectionRequest["messageRequest"]>;

/** Newest first; the older is the same by another name. */
const services = [
  "grpc.reflection.v1.ServerReflection",
  "grpc.reflection.v1alpha.ServerReflection",
];
/** A server that never stops naming imports would fill the memory. */
const maxFiles = 1_000;

/** What a server says of its services by server reflection. UNIMPLEMENTED when it does not. */
export async function schemaOfServer(
  channel: Channel,
  options: CallOptions,
): Promise<FileRegistry> {
  for (const service of services) {
    const ask = asking(channel, service, options);
    try {
      return await readAll(ask);
    } catch (error) {
      if (ServingError.from(error).code !== Code.UNIMPLEMENTED) throw error;
    }
  }
  const problem = "the server does not describe its services (no grpc.reflection)";
  throw new ServingError("UNIMPLEMENTED", `${problem}; give their .proto files with --proto`);
}

type Ask = (question: Question) => Promise<ServerReflectionResponse["messageResponse"]>;

/** One stream for each question: servers may answer in any order, and few questions are asked. */
function asking(channel: Channel, service: string, options: CallOptions): Ask {
  return async (messageRequest) => {
    const request = ServerReflectionRequest.encode({ host: "", messageRequest }).finish();
    const replies = channel.stream(`/${service}/ServerReflectionInfo`, once(request), options);
    for await (const reply of replies)
      return ServerReflectionResponse.decode(reply).messageResponse;
    throw new ServingError("INTERNAL", `${service} ended without an answer`);
  };
}

// oxlint-disable-next-line typescript/require-await -- A stream of one.
async function* once(request: Uint8Array): AsyncGenerator<Uint8Array> {
  yield request;
}

async function readAll(ask: Ask): Promise<FileRegistry> {
  const listed = await ask({ $case: "listServices", value: "" });
  if (listed?.$case !== "listServicesResponse") throw refused(listed, "the list of services");
  const files = new Map<string, FileDescriptorProto>();
  for (const { name } of listed.value.service) {
    await readInto(files, ask, { $case: "fileContainingSymbol", value: name });
  }
  return createFileRegistry(create(FileDescriptorSetSchema, { file: importedFirst(files) }));
}

/** Servers answer with a file and, most of them, what it imports; what is missing is asked for by name. */
async function readInto(
  files: Map<string, FileDescriptorProto>,
  ask: Ask,
  question: Question & { readonly value: string },
): Promise<void> {
  const told = await ask(question);
  if (told?.$case !== "fileDescriptorResponse") throw refused(told, question.value);
  const came = told.value.fileDescriptorProto.map((bytes) =>
    fromBinary(FileDescriptorProtoSchema, bytes),
  );
  for (const file of came) files.set(file.name, file);
  if (files.size > maxFiles)
    throw new ServingError("OUT_OF_RANGE", `the server describes over ${maxFiles} files`);
  const missing = came.flatMap(({ dependency }) => dependency).filter((name) => !files.has(name));
  for (const name of missing) {
    if (!files.has(name)) await readInto(files, ask, { $case: "fileByFilename", value: name });
  }
}

function refused(told: ServerReflectionResponse["messageResponse"], what: string): ServingError {
  if (told?.$case !== "errorResponse")
    return new ServingError("INTERNAL", `server reflection does not answer for ${what}`);
  const { errorCode, errorMessage } = told.value;
  const code = nameOf(codeFrom(errorCode));
  return new ServingError(
    code === "OK" ? "INTERNAL" : code,
    `server reflection refuses ${what}: ${errorMessage}`,
  );
}

function importedFirst(files: ReadonlyMap<string, FileDescriptorProto>): FileDescriptorProto[] {
  const ordered = new Set<FileDescriptorProto>();
  const open = new Set<FileDescriptorProto>();
  const visit = (file: FileDescriptorProto) => {
    if (open.has(file)) return;
    open.add(file);
    for (const name of file.dependency) visit(files.get(name)!);
    ordered.add(file);
  };
  for (const file of files.values()) visit(file);
  return [...ordered];
}

import { decodeMessage } from "../../proto/decode-message.ts";
import { fileDescriptorSet } from "../../proto/gen/descriptors.ts";
import {
  ServerReflectionRequest,
  ServerReflectionResponse,
} from "../../proto/gen/grpc/reflection/v1/reflection.ts";
import { Code } from "../../proto/serving-error.ts";
import type { Method } from "../../transport/transport.ts";
import { checkNameLength } from "../check-name-length.ts";
import { indexDescriptors, type DescriptorIndex } from "./descriptor-index.ts";

type Asked = NonNullable<ServerReflectionRequest["messageRequest"]>;
type Told = NonNullable<ServerReflectionResponse["messageResponse"]>;

/** v1alpha is v1 by an older name: the same messages, field by field. */
const services = [
  "grpc.reflection.v1.ServerReflection",
  "grpc.reflection.v1alpha.ServerReflection",
];

/** Tells clients such as grpcurl which services there are and what their messages look like. */
export function reflectionService(served: readonly Method[]): Method[] {
  const names = [...new Set([...served.map(({ path }) => path.split("/")[1]!), ...services])];
  let index: DescriptorIndex | undefined;

  async function* handle(requests: AsyncIterable<Uint8Array>) {
    index ??= indexDescriptors(Buffer.from(fileDescriptorSet, "base64"));
    for await (const bytes of requests) {
      const request = decodeMessage(ServerReflectionRequest, bytes, "ServerReflectionRequest");
      checkNames(request);
      yield ServerReflectionResponse.encode({
        validHost: request.host,
        originalRequest: request,
        messageResponse: request.messageRequest
          ? tell(request.messageRequest, index, names)
          : refusal(Code.INVALID_ARGUMENT, "message_request is required: what should be told?"),
      }).finish();
    }
  }

  return services.map((name) => ({
    kind: "bidi_stream",
    path: `/${name}/ServerReflectionInfo`,
    handle,
  }));
}

/** An answer repeats its question. */
function checkNames({ host, messageRequest }: ServerReflectionRequest): void {
  checkNameLength("host", host);
  if (messageRequest === undefined) return;
  const { $case, value } = messageRequest;
  checkNameLength($case, typeof value === "string" ? value : value.containingType);
}

function tell(asked: Asked, index: DescriptorIndex, names: readonly string[]): Told {
  if (asked.$case === "listServices")
    return { $case: "listServicesResponse", value: { service: names.map((name) => ({ name })) } };
  if (asked.$case === "fileByFilename")
    return files(index.byName(asked.value), `file ${asked.value}`);
  if (asked.$case === "fileContainingSymbol")
    return files(index.bySymbol(asked.value), `symbol ${asked.value}`);
  // Proto3 services have no extensions.
  if (asked.$case === "fileContainingExtension")
    return notFound(`extension ${asked.value.extensionNumber} of ${asked.value.containingType}`);
  if (!index.isMessage(asked.value)) return notFound(`message ${asked.value}`);
  const none = { baseTypeName: asked.value, extensionNumber: [] };
  return { $case: "allExtensionNumbersResponse", value: none };
}

function files(fileDescriptorProto: Buffer[] | undefined, what: string): Told {
  if (fileDescriptorProto === undefined) return notFound(what);
  return { $case: "fileDescriptorResponse", value: { fileDescriptorProto } };
}

function notFound(what: string): Told {
  return refusal(Code.NOT_FOUND, `this server knows no ${what}`);
}

function refusal(errorCode: Code, errorMessage: string): Told {
  return { $case: "errorResponse", value: { errorCode, errorMessage } };
}

import { testTransport } from "../transport.contract.ts";
import { openChannel } from "./channel.ts";
import { startServer } from "./server.ts";

testTransport("grpc-js", { startServer, openChannel });

import { testTransport } from "../transport.contract.ts";
import { openChannel } from "./channel.ts";
import { startServer } from "./server.ts";

const manyCancels =
  "on Node 20 the HTTP/2 session ends after about 1,000 resets, and grpc-js cannot change that";

testTransport("grpc-js", { startServer, openChannel, gaps: { manyCancels } });

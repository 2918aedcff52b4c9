import { testTransport } from "../transport.contract.ts";
import { openChannel } from "./channel.ts";
import { startServer } from "./server.ts";

const gaps = {
  manyCancels:
    "on Node 20 the HTTP/2 session ends after about 1,000 resets, and grpc-js cannot change that",
  farDeadlines: "grpc-js counts milliseconds in 32 bits, so 25 days ahead may be in the past",
};

testTransport("grpc-js", { startServer, openChannel, gaps });

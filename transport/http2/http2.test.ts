import { startServer } from "../grpc-js/server.ts";
import { testTransport } from "../transport.contract.ts";
import { openHttp2Channel } from "./channel.ts";

// Its own server is yet to come.
testTransport("http2, calling grpc-js", { startServer, openChannel: openHttp2Channel });

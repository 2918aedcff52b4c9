/**
 * The one place that chooses the implementation; nothing that calls these may know which. To let our own client take
 * over: `export { openHttp2Channel as openChannel } from "./http2/channel.ts"`.
 */
export { openChannel } from "./grpc-js/channel.ts";
export { startServer } from "./grpc-js/server.ts";

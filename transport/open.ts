/** The one place that chooses the implementation; nothing outside this folder may know which. */
export { openChannel } from "./grpc-js/channel.ts";
export { startServer } from "./grpc-js/server.ts";

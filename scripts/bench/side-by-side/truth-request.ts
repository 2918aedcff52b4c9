/** What the servers are asked; as a `.proto`, for tools that want one. */
export const truthProto = `syntax = "proto3";
package crossfade.bench;
message WaitRequest {
  fixed32 number = 1;
}
message WaitResponse {}
service Truth {
  rpc Wait(WaitRequest) returns (WaitResponse);
}
`;

/** { number: 1 } */
export const truthRequest = Uint8Array.of(0x0d, 1, 0, 0, 0);

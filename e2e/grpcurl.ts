import { findGoProgram, installGoProgram } from "./go-program.ts";

/** grpcurl's path: the machine's own, or the one that `installGrpcurl` built. */
export const findGrpcurl = (): string | undefined => findGoProgram("grpcurl");

/** Builds it with Go, outside the repository. */
export function installGrpcurl(): void {
  installGoProgram("github.com/fullstorydev/grpcurl/cmd/grpcurl@v1.9.3");
}

import { createRandom } from "../../models/random.ts";
import { Code, ServingError } from "../../proto/serving-error.ts";
import { callWith } from "../backend.contract.ts";
import { createQuery } from "../query.ts";
import { createVirtualClock } from "../virtual-clock.ts";
import { createEndpoints, type EndpointsOptions } from "./endpoints.ts";
import type { Attempt } from "./meter.ts";
import {
  createSimulatedServer,
  model,
  type SimulatedServer,
  type SimulatedServerOptions,
} from "./simulated-server.fixture.ts";

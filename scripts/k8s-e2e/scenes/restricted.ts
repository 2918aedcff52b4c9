import { messageOf } from "../api.ts";
import { environments } from "../environments.ts";
import type { Scene } from "../scene.ts";
import { podsOf } from "../workloads.ts";

interface Event {
  readonly reason: string;
  readonly message: string;
}

/** What the namespaces must refuse, or the rest proves nothing. */
const privileged = {
  metadata: { name: "privileged" },
  spec: {
    containers: [{ name: "shell", image: "shell", securityContext: { privileged: true } }],
  },
};

export const restricted: Scene = {
  name: "restricted",
  about: "namespaces that enforce Pod Security `restricted` admit every pod, and refuse others",
  async play({ api }) {
    let admitted = 0;
    for (const { name } of environments) {
      const refusal = await api.ask("POST", `/api/v1/namespaces/${name}/pods`, privileged);
      const words = messageOf(refusal.body);
      if (refusal.status !== 403 || !words.includes('violates PodSecurity "restricted')) {
        throw new Error(`a privileged pod in ${name} got ${refusal.status}: ${words}`);
      }
      const events = await api.list<Event>(`/api/v1/namespaces/${name}/events`);
      const failed = events.find(({ reason }) => reason === "FailedCreate");
      if (failed) throw new Error(`${name} refuses a pod: ${failed.message}`);
      admitted += (await podsOf(api, name)).length;
    }
    return `${admitted} pods admitted, a privileged one refused in each namespace`;
  },
};

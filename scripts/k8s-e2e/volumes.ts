import { type Api, create } from "./api.ts";

const storageClass = "e2e";

/** Volumes that wait for claims, since nothing here makes them on demand. */
export async function addVolumes(api: Api, count: number): Promise<void> {
  await create(api, "/apis/storage.k8s.io/v1/storageclasses", {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: {
      name: storageClass,
      annotations: { "storageclass.kubernetes.io/is-default-class": "true" },
    },
    provisioner: "kubernetes.io/no-provisioner",
  });
  for (let i = 0; i < count; i++) {
    await create(api, "/api/v1/persistentvolumes", {
      apiVersion: "v1",
      kind: "PersistentVolume",
      metadata: { name: `volume-${i}` },
      spec: {
        capacity: { storage: "16Gi" },
        accessModes: ["ReadWriteOnce"],
        storageClassName: storageClass,
        hostPath: { path: `/volumes/${i}` },
      },
    });
  }
}

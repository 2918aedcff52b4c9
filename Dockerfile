# The image of every role: `crossfade serve`, `crossfade route` and the other commands.
#
#   docker build --tag crossfade .
#   docker build --tag crossfade:cuda --target cuda .       with the libraries of NVIDIA's GPUs (linux/amd64)
#
# A release pins the base by digest: --build-arg NODE_IMAGE=node:24.21.0-bookworm-slim@sha256:…
ARG NODE_IMAGE=node:24.21.0-bookworm-slim
ARG PYTHON_IMAGE=python:3.13-slim-bookworm

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npm run build \
    && npm prune --omit=dev \
    && node scripts/image/trim-modules.ts node_modules \
    && find dist -name '*.map' -delete \
    && chmod 755 dist/cli/crossfade.js \
    && mkdir bin /state \
    && ln -s ../dist/cli/crossfade.js bin/crossfade

FROM ${PYTHON_IMAGE} AS cuda-libraries
COPY deploy/cuda /build
RUN sh /build/collect-libraries.sh /build/requirements.txt /libraries

FROM ${NODE_IMAGE} AS runtime
WORKDIR /app
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/package.json /app/LICENSE ./
COPY --from=build /app/dist dist
COPY --from=build /app/bin bin
# The one folder that is written to, and by routers only: a volume where the root is read-only.
COPY --from=build --chown=10001:10001 /state /var/lib/crossfade
ENV NODE_ENV=production \
    PATH=/app/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    CROSSFADE_HOST=0.0.0.0 \
    CROSSFADE_STATE=/var/lib/crossfade
EXPOSE 8500 8501 8502
USER 10001:10001
STOPSIGNAL SIGTERM
ENTRYPOINT ["crossfade"]
CMD ["--help"]

FROM runtime AS cuda
COPY --from=cuda-libraries /libraries/onnxruntime/ node_modules/onnxruntime-node/bin/napi-v6/linux/x64/
COPY --from=cuda-libraries /libraries/cuda/ /opt/cuda/lib/
ENV LD_LIBRARY_PATH=/opt/cuda/lib \
    NVIDIA_DRIVER_CAPABILITIES=compute,utility
ARG VERSION=unknown
ARG REVISION=unknown
LABEL org.opencontainers.image.title="crossfade-cuda" \
      org.opencontainers.image.description="Serves recommenders over gRPC; with ONNX Runtime's CUDA provider" \
      org.opencontainers.image.licenses="Apache-2.0 AND LicenseRef-NVIDIA-CUDA-EULA" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"

# Last, and so what is built without --target.
FROM runtime AS crossfade
ARG VERSION=unknown
ARG REVISION=unknown
LABEL org.opencontainers.image.title="crossfade" \
      org.opencontainers.image.description="Serves recommenders over gRPC" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"

#!/usr/bin/env bash
# The same by hand. grpcurl asks the server for its schema (reflection), so no .proto file is needed.
#
#   examples/recommend.sh localhost:8500 u42
set -euo pipefail
address=${1:-localhost:8500}
user=${2:-}
model=${3:-playlists}

echo "# services"
grpcurl -plaintext "$address" list

echo "# health of $model"
grpcurl -plaintext -d "{\"service\": \"$model\"}" "$address" grpc.health.v1.Health/Check

echo "# recommendations"
grpcurl -plaintext -max-time 1 -d "{\"model\": \"$model\", \"user_id\": \"$user\", \"top_k\": 5}" \
  "$address" crossfade.v1.RecommenderService/Recommend

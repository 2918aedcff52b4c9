#!/usr/bin/env bash
# What users like becomes a better model: serve, take feedback, export it, train, and let 5% of the users try before all do.
#
#   examples/feedback-loop.sh [FOLDER]     works in FOLDER (default: a new one under /tmp)
#
# Needs bash, curl and this repository. Everything runs on this machine, on ports that are free; a minute later nothing is left
# of it but FOLDER. In production each step is a command of its own, on machines of its own: docs/feedback.md.
set -euo pipefail
cd "$(dirname "$0")/.."
dir=${1:-$(mktemp -d)}
crossfade=${CROSSFADE:-node --import tsx cli/crossfade.ts}
users=${USERS:-40}
mkdir -p "$dir"
trap 'kill $(jobs -p) 2>/dev/null || true; wait' EXIT

say() { printf '\n# %s\n' "$*"; }

# What a process in the background says of its ports, once it listens.
port() { # LOG FIELD
  until grep -qs '"message":"listening"' "$1"; do sleep 0.1; done
  sed -nE "s/.*\"message\":\"listening\".*\"$2\":\"?([^\",}]+)\"?.*/\1/p" "$1"
}

ask() { curl -sf "http://127.0.0.1:$http/$1" -H 'content-type: application/json' -d "$2"; }
ids() { grep -oE '"id":"[^"]+"' | cut -d'"' -f4; }

say "A music service is invented: who follows which playlists"
node --import tsx loadtest/world/world.ts --out "$dir/world" --listeners 600 --playlists 500 --tracks 100 --artists 50
sed -E 's/.*"id":"([^"]+)".*"follows":(\[[^]]*\]).*/{"user":"\1","items":\2}/' \
  "$dir/world/listeners.jsonl" >"$dir/follows.jsonl"
head -n 1 "$dir/follows.jsonl" | cut -c 1-70

say "Version 1 learns from that"
train="$crossfade train two-tower --interactions $dir/follows.jsonl --catalogue $dir/world/playlists.jsonl --dims 32 --warm-probes 60 --cold-probes 20"
$train --out "$dir/models/playlists/1"

say "A server, and a router that keeps feedback"
$crossfade serve --models "$dir/models" --poll-ms 200 --port 0 --http-port off --metrics-port off 2>"$dir/serve.log" &
$crossfade route --servers "$(port "$dir/serve.log" grpc)" --feedback "$dir/feedback" --state "$dir/state" \
  --port 0 --http-port 0 --metrics-port off --admin-port 0 --admin-http-port off 2>"$dir/route.log" &
http=$(port "$dir/route.log" httpPort)
CROSSFADE_ADMIN=127.0.0.1:$(port "$dir/route.log" adminPort)
export CROSSFADE_ADMIN
until curl -sf "http://127.0.0.1:$http/readyz" >/dev/null; do sleep 0.1; done
# From now on version 1 is what everybody gets, whatever else arrives in the folder.
$crossfade rollout set version stable=1 playlists --reason "begin" --wait

say "$users users are shown five playlists they do not follow; they like the last one and pass over the others"
for ((i = 0; i < users; i++)); do
  follows=$(sed -nE "$((i + 1)) s/.*\"items\":(.*)\}/\1/p" "$dir/follows.jsonl")
  reply=$(ask v1/models/playlists:recommend "{\"userId\":\"u$i\",\"exclude\":$follows,\"topK\":5}")
  mapfile -t shown < <(ids <<<"$reply")
  seen=$(sed -E 's/.*"recommendationId":"([^"]*)".*/\1/' <<<"$reply")
  others=$(printf ',"%s"' "${shown[@]:0:4}")
  ask feedback "{\"eventId\":\"$seen-like\",\"recommendationId\":\"$seen\",\"userId\":\"u$i\",\"liked\":\"${shown[4]}\",\"others\":[${others:1}]}" >/dev/null
  printf '%s "%s"%s\n' "u$i" "${shown[4]}" "$others" >>"$dir/shown.txt"
done
# As an older client sends it; twice, since its network is bad: it counts once.
for _ in 1 2; do ask feedback '{"user_id":22434,"like_playlist":"p7","other_playlists":["p1","p2","p3","p4"]}'; echo; done

say "The feedback of the last day becomes rows to train on"
$crossfade feedback export --from "$dir/feedback" --since 1d --out "$dir/rows.jsonl"
head -n 1 "$dir/rows.jsonl"

say "Version 2 learns from both"
$train --feedback "$dir/rows.jsonl" --passed-share 0.2 --out "$dir/models/playlists/2"
until grep -q '"message":"model loaded".*"version":"2"' "$dir/serve.log"; do sleep 0.1; done

say "5% of the users try it"
$crossfade rollout set version canary=2 playlists --reason "trained on feedback"
$crossfade rollout set weight canary=5% playlists --reason "trained on feedback" --wait
versions() {
  for ((i = 0; i < users; i++)); do
    ask v1/models/playlists:recommend "{\"userId\":\"u$i\",\"topK\":1}" | grep -oE '"modelVersion":"[^"]*"'
  done | sort | uniq -c
}
versions

say "Nothing is wrong with it: everybody gets it"
$crossfade rollout promote playlists --full --reason "5% look good" --wait
versions

say "What it learned"
first=0
while read -r user of; do
  best=$(ask v1/models/playlists:recommend "{\"userId\":\"$user\",\"candidates\":[$of],\"topK\":1}" | ids)
  [[ $of == "\"$best\""* ]] && first=$((first + 1))
done <"$dir/shown.txt"
echo "$first of $users users get what they liked before the four they passed over; with version 1 none did"

{{/* Every value that cannot work, a sentence each, and all of them at once. */}}
{{- define "crossfade.check" -}}
{{- $found := list -}}
{{- range list "crossfade.checkPools" "crossfade.checkModels" "crossfade.checkRouter" "crossfade.checkStore" "crossfade.checkTls" "crossfade.checkRollouts" "crossfade.checkOthers" -}}
{{- range include . $ | splitList "\n" -}}
{{- with trim . -}}{{- $found = append $found . -}}{{- end -}}
{{- end -}}
{{- end -}}
{{- with $found -}}
{{- fail (printf "\n\nThese values cannot work:\n  - %s\n" (join "\n  - " .)) -}}
{{- end -}}
{{- end -}}

{{- define "crossfade.checkPools" -}}
{{- $taken := list "router" "router-admin" "valkey" "test" -}}
{{- $seen := list -}}
{{- if not .Values.pools }}
pools is empty, and nothing would answer: give at least one pool, e.g. {name: cpu, class: cpu}.
{{- end }}
{{- range $i, $pool := (include "crossfade.pools" . | fromJson).pools -}}
{{- $at := printf "pools[%d] (%s)" $i $pool.name -}}
{{- if has $pool.name $seen }}
{{ $at }}: another pool has that name too; rename one.
{{- end }}
{{- if has $pool.name $taken }}
{{ $at }}: that name is taken by an object of the chart; rename the pool.
{{- end }}
{{- $seen = append $seen $pool.name -}}
{{- $gpus := dig "limits" "nvidia.com/gpu" "" $pool.resources | toString -}}
{{- if and (eq $pool.class "cuda") (lt (int $gpus) 1) }}
{{ $at }}: class cuda needs a GPU; set resources.limits."nvidia.com/gpu" to 1 or more.
{{- end }}
{{- if and (ne $pool.class "cuda") (gt (int $gpus) 0) }}
{{ $at }}: class {{ $pool.class }} uses no GPU, and its limit would keep one from others; make class cuda of it, or drop resources.limits."nvidia.com/gpu".
{{- end }}
{{- if and (eq $pool.class "cuda") $.Values.image.digest (not (or $pool.image.digest $pool.image.tag)) }}
{{ $at }}: image.digest is that of the image without CUDA; give the pool image.digest of the one with it.
{{- end }}
{{- include "crossfade.checkShutdown" (dict "at" $at "of" $pool "reserve" 5 "why" "to end") }}
{{- include "crossfade.checkScaling" (dict "at" $at "of" $pool) }}
{{- if not (dig "limits" "memory" "" $pool.resources) }}
{{ $at }}: resources.limits.memory is not set; a server plans its sessions by that limit, so give one.
{{- end }}
{{- if and (not $pool.settings.loadTimeoutMs) (lt (int $pool.startupSeconds) 600) }}
{{ $at }}: startupSeconds is {{ $pool.startupSeconds }}, but a model may take 600 s to load; raise it to 600, or lower settings.loadTimeoutMs too.
{{- end }}
{{- end }}
{{- end -}}

{{/* dict at, of, reserve, why */}}
{{- define "crossfade.checkShutdown" -}}
{{- with .of.shutdown -}}
{{- $needed := add .sleepSeconds .delaySeconds .drainSeconds $.reserve | int -}}
{{- if gt $needed (int .graceSeconds) }}
{{ $.at }}: shutdown.graceSeconds is {{ .graceSeconds }}, but sleepSeconds {{ .sleepSeconds }} + delaySeconds {{ .delaySeconds }} + drainSeconds {{ .drainSeconds }} and {{ $.reserve }} s {{ $.why }} take {{ $needed }} s; raise graceSeconds to {{ $needed }}, or drain for a shorter time.
{{- end }}
{{- end }}
{{- end -}}

{{/* dict at, of */}}
{{- define "crossfade.checkScaling" -}}
{{- with .of.autoscaling -}}
{{- if and .enabled (gt (int .minReplicas) (int .maxReplicas)) }}
{{ $.at }}: autoscaling.minReplicas {{ .minReplicas }} is more than maxReplicas {{ .maxReplicas }}; raise the latter.
{{- end }}
{{- end }}
{{- end -}}

{{- define "crossfade.checkModels" -}}
{{- range $i, $pool := (include "crossfade.pools" . | fromJson).pools -}}
{{- $at := printf "pools[%d] (%s)" $i $pool.name -}}
{{- $models := $pool.models -}}
{{- $sources := list -}}
{{- if $models.claim.name }}{{ $sources = append $sources "claim" }}{{ end -}}
{{- if $models.images }}{{ $sources = append $sources "images" }}{{ end -}}
{{- if $models.downloads }}{{ $sources = append $sources "downloads" }}{{ end -}}
{{- if not $sources }}
{{ $at }}: it has no models; give models.claim.name, models.images or models.downloads.
{{- end }}
{{- if gt (len $sources) 1 }}
{{ $at }}: its models come from {{ join " and from " $sources }}; keep one of them.
{{- end }}
{{- $seen := list -}}
{{- range concat $models.images $models.downloads -}}
{{- $one := printf "version %s of %s" .version .model -}}
{{- if has $one $seen }}
{{ $at }}: it has {{ $one }} twice; drop one.
{{- end }}
{{- $seen = append $seen $one -}}
{{- end }}
{{- range $models.images }}
{{- if .sha256 }}
{{ $at }}: {{ .reference }} has sha256, which is for downloads; an image is pinned by its digest, so write reference: <name>@sha256:… and drop sha256.
{{- end }}
{{- end }}
{{- range $models.downloads }}
{{- if not .sha256 }}
{{ $at }}: {{ .url }} has no sha256, and what comes from there would be believed unseen; give that of the archive.
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "crossfade.checkRouter" -}}
{{- $router := .Values.router -}}
{{- $most := ternary $router.autoscaling.maxReplicas $router.replicas $router.autoscaling.enabled | int -}}
{{- if and (gt $most 1) (not (include "crossfade.storeUrl" .)) }}
router: {{ $most }} routers need a store that they share; set store.url, or valkey.enabled to true, or router.replicas to 1.
{{- end }}
{{- include "crossfade.checkShutdown" (dict "at" "router" "of" $router "reserve" 10 "why" "to leave store and servers") }}
{{- include "crossfade.checkScaling" (dict "at" "router" "of" $router) }}
{{- if $router.admin.expose }}
{{- if not $router.admin.tokensSecret.name }}
router.admin.expose lets other pods change weights; say who may by router.admin.tokensSecret.name.
{{- end }}
{{- if not .Values.tls.router.secret }}
router.admin.expose sends tokens over the network; turn TLS on by tls.router.secret.
{{- end }}
{{- end }}
{{- end -}}

{{- define "crossfade.checkStore" -}}
{{- $store := .Values.store -}}
{{- $valkey := .Values.valkey -}}
{{- if and $store.url $valkey.enabled }}
store.url and valkey.enabled are both set, and there is one store; drop one of them.
{{- end }}
{{- if and $store.passwordSecret.name (not $store.url) }}
store.passwordSecret has no store to be for; set store.url (the Valkey of the chart takes valkey.passwordSecret).
{{- end }}
{{- range $key, $url := dict "store.url" $store.url "feedback.url" .Values.feedback.url }}
{{- if and $url (not (regexMatch "^rediss?(\\+(sentinel|cluster))?://." $url)) }}
{{ $key }} is "{{ $url }}", which routers refuse; write redis://HOST:PORT, redis+sentinel://… or redis+cluster://…, with rediss in place of redis for TLS.
{{- end }}
{{- end }}
{{- if and $store.authoritySecret.name (not (hasPrefix "rediss" $store.url)) }}
store.authoritySecret needs a store by TLS; write store.url with rediss instead of redis.
{{- end }}
{{- if and $valkey.enabled (not $valkey.passwordSecret.name) (not .Values.networkPolicy.enabled) }}
valkey has no password, and no network policy keeps others away; give valkey.passwordSecret.name, or set networkPolicy.enabled to true.
{{- end }}
{{- if and (regexMatch "^rediss?\\+(sentinel|cluster)://" $store.url) .Values.networkPolicy.enabled (not .Values.networkPolicy.storePorts) }}
store.url does not tell all ports that routers will call: those of the Redis behind; list them all in networkPolicy.storePorts, e.g. [6379, 26379].
{{- end }}
{{- if and .Values.feedback.enabled (not (include "crossfade.feedbackUrl" .)) }}
feedback.enabled has no Redis to keep it in; set feedback.url, store.url, or valkey.enabled to true.
{{- end }}
{{- if and .Values.feedback.url (not .Values.feedback.enabled) }}
feedback.url is set, and feedback.enabled is false; set it to true, or drop the address.
{{- end }}
{{- end -}}

{{- define "crossfade.checkTls" -}}
{{- $tls := .Values.tls -}}
{{- if and $tls.router.clientCertificates (not $tls.router.secret) }}
tls.router.clientCertificates needs TLS; give tls.router.secret.
{{- end }}
{{- if and $tls.servers.clientSecret (not $tls.servers.secret) }}
tls.servers.clientSecret needs TLS between routers and servers; give tls.servers.secret.
{{- end }}
{{- if and .Values.gateway.enabled $tls.router.clientCertificates }}
gateway.enabled puts a gateway between clients and routers, which has none of the clients' certificates; set tls.router.clientCertificates to false, or do without the gateway.
{{- end }}
{{- end -}}

{{- define "crossfade.checkRollouts" -}}
{{- $known := include "crossfade.versions" . | fromJson -}}
{{- $models := list -}}
{{- range $i, $rollout := .Values.rollouts -}}
{{- $at := printf "rollouts[%d] (%s)" $i $rollout.model -}}
{{- if has $rollout.model $models }}
{{ $at }}: that model has another rollout; keep one.
{{- end }}
{{- $models = append $models $rollout.model -}}
{{- $sum := 0 -}}
{{- $names := list -}}
{{- range $rollout.arms -}}
{{- $sum = add $sum (int .weight) -}}
{{- if has .name $names }}
{{ $at }}: two arms are named {{ .name }}; rename one.
{{- end }}
{{- $names = append $names .name -}}
{{- if and $known.complete (not (has (printf "%s/%s" $rollout.model .version) $known.versions)) }}
{{ $at }}: arm {{ .name }} has version {{ .version }}, which no pool has; add it to the models of a pool, or give the arm one of {{ join ", " $known.versions }}.
{{- end }}
{{- end }}
{{- if ne (int $sum) 10000 }}
{{ $at }}: the weights of its arms sum to {{ $sum }}; they are basis points and must sum to 10000, so {{ if gt (int $sum) 10000 }}lower{{ else }}raise{{ end }} them by {{ sub (max $sum 10000) (min $sum 10000) }}.
{{- end }}
{{- end }}
{{- end -}}

{{- define "crossfade.checkOthers" -}}
{{- if and .Values.gateway.enabled (not .Values.gateway.parentRefs) }}
gateway.enabled needs a gateway to be attached to; name one in gateway.parentRefs.
{{- end }}
{{- end -}}

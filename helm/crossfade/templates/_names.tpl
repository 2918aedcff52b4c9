{{/* What every object's name begins with. */}}
{{- define "crossfade.fullname" -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else if contains $name .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* Of one component: dict root, component. */}}
{{- define "crossfade.selector" -}}
app.kubernetes.io/name: {{ default .root.Chart.Name .root.Values.nameOverride | trunc 63 | trimSuffix "-" }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{- define "crossfade.labels" -}}
{{ include "crossfade.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/part-of: crossfade
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
{{- end -}}

{{/* Where the routers' rollouts are kept; empty: in the one router's state folder. */}}
{{- define "crossfade.storeUrl" -}}
{{- if .Values.valkey.enabled -}}
redis://{{ include "crossfade.fullname" . }}-valkey.{{ .Release.Namespace }}.svc:6379
{{- else -}}
{{- .Values.store.url -}}
{{- end -}}
{{- end -}}

{{- define "crossfade.feedbackUrl" -}}
{{- if .Values.feedback.enabled -}}
{{- default (include "crossfade.storeUrl" .) .Values.feedback.url -}}
{{- end -}}
{{- end -}}

{{/* dict image, fallbackTag */}}
{{- define "crossfade.reference" -}}
{{- if .image.digest -}}
{{ .image.repository }}@{{ .image.digest }}
{{- else -}}
{{ .image.repository }}:{{ default .fallbackTag .image.tag }}
{{- end -}}
{{- end -}}

{{/* Of the routers, and of everything else that runs the crossfade command. */}}
{{- define "crossfade.image" -}}
{{- include "crossfade.reference" (dict "image" .Values.image "fallbackTag" .Chart.AppVersion) -}}
{{- end -}}

{{/* Of one pool: dict root, pool. What it does not say is as everywhere, but for the providers that cuda needs. */}}
{{- define "crossfade.poolImage" -}}
{{- $image := merge (dict) .pool.image (omit .root.Values.image "tag" "digest") -}}
{{- if not (or .pool.image.tag .pool.image.digest) -}}
{{- $tag := default .root.Chart.AppVersion .root.Values.image.tag -}}
{{- if eq .pool.class "cuda" -}}
{{- $_ := set $image "tag" (printf "%s-cuda" $tag) -}}
{{- else -}}
{{- $_ := set $image "tag" $tag -}}
{{- $_ := set $image "digest" .root.Values.image.digest -}}
{{- end -}}
{{- end -}}
{{- include "crossfade.reference" (dict "image" $image "fallbackTag" "") -}}
{{- end -}}

{{/* The pools, complete: a JSON list under "pools", since a template gives back nothing but text. */}}
{{- define "crossfade.pools" -}}
{{- $defaults := .Values.poolDefaults -}}
{{- $pools := list -}}
{{- range .Values.pools -}}
{{- $pools = append $pools (mustMergeOverwrite (deepCopy $defaults) (deepCopy .)) -}}
{{- end -}}
{{- dict "pools" $pools | toJson -}}
{{- end -}}

{{/* The models that are known to be served, as "model/version" under "versions"; "complete" unless a claim may hold more. */}}
{{- define "crossfade.versions" -}}
{{- $versions := list -}}
{{- $complete := true -}}
{{- range (include "crossfade.pools" . | fromJson).pools -}}
{{- if .models.claim.name -}}{{- $complete = false -}}{{- end -}}
{{- range concat .models.images .models.downloads -}}
{{- $versions = append $versions (printf "%s/%s" .model .version) -}}
{{- end -}}
{{- end -}}
{{- dict "versions" ($versions | uniq) "complete" $complete | toJson -}}
{{- end -}}

{{/* What Pod Security "restricted" asks of a pod: dict userId. */}}
{{- define "crossfade.podSecurity" -}}
runAsNonRoot: true
runAsUser: {{ .userId }}
runAsGroup: {{ .userId }}
fsGroup: {{ .userId }}
fsGroupChangePolicy: OnRootMismatch
seccompProfile: { type: RuntimeDefault }
{{- end -}}

{{- define "crossfade.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end -}}

{{/* What all pods of the chart have in common: dict root. */}}
{{- define "crossfade.podBasics" -}}
serviceAccountName: {{ include "crossfade.fullname" .root }}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with .root.Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- end -}}

{{/* Where pods may run, and apart from each other: dict root, component, of (router or a pool), byTemplate. */}}
{{- define "crossfade.placement" -}}
{{- with .of.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .of.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
topologySpreadConstraints:
  {{- range $key := list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
  - topologyKey: {{ $key }}
    maxSkew: 1
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "crossfade.selector" $ | nindent 8 }}
    {{- if $.byTemplate }}
    matchLabelKeys: [pod-template-hash]
    {{- end }}
  {{- end }}
{{- end -}}

{{/*
The probes of a server or router: dict tls, startup (service), startupSeconds. gRPC's own; where TLS is on, which kubelet's
gRPC probes do not speak, the same answers from the metrics port. Liveness never depends on a model.
*/}}
{{- define "crossfade.probes" -}}
startupProbe:
  {{- include "crossfade.probe" (dict "tls" .tls "service" .startup) | nindent 2 }}
  periodSeconds: 5
  timeoutSeconds: 3
  failureThreshold: {{ div (add .startupSeconds 4) 5 }}
readinessProbe:
  {{- include "crossfade.probe" (dict "tls" .tls "service" "") | nindent 2 }}
  periodSeconds: 5
  timeoutSeconds: 3
  failureThreshold: 2
livenessProbe:
  {{- include "crossfade.probe" (dict "tls" .tls "service" "live") | nindent 2 }}
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
{{- end -}}

{{- define "crossfade.probe" -}}
{{- if .tls -}}
httpGet: { port: metrics, path: {{ ternary "/healthz" "/readyz" (eq .service "live") }} }
{{- else -}}
grpc: { port: 8500, service: {{ .service | quote }} }
{{- end -}}
{{- end -}}

{{/* Settings in camelCase as flags, one a line: a dict. */}}
{{- define "crossfade.flags" -}}
{{- range $name, $value := . }}
- --{{ regexReplaceAll "([A-Z])" $name "-${1}" | lower }}={{ if kindIs "float64" $value }}{{ printf "%.0f" $value }}{{ else }}{{ $value }}{{ end }}
{{- end }}
{{- end -}}

{{- define "crossfade.shutdownFlags" -}}
- --drain-delay-ms={{ .delaySeconds }}s
- --drain-ms={{ .drainSeconds }}s
{{- end -}}

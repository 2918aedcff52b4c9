{{/* All pods of the release. */}}
{{- define "crossfade.releaseSelector" -}}
{{- omit (include "crossfade.selector" (dict "root" . "component" "all") | fromYaml) "app.kubernetes.io/component" | toYaml -}}
{{- end -}}

{{/* A list of numbers. */}}
{{- define "crossfade.ports" -}}
{{- range . }}
- { port: {{ . }}, protocol: TCP }
{{- end }}
{{- end -}}

{{- define "crossfade.toDns" -}}
- to:
    - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: kube-system } }
      podSelector: { matchLabels: { k8s-app: kube-dns } }
  ports:
    - { port: 53, protocol: UDP }
    - { port: 53, protocol: TCP }
{{- end -}}

{{/* The ports of stores outside of the chart, as given or as in their addresses: a JSON list. */}}
{{- define "crossfade.storePorts" -}}
{{- $ports := .Values.networkPolicy.storePorts -}}
{{- if not $ports -}}
{{- range list .Values.store.url .Values.feedback.url -}}
{{- range splitList "," (regexReplaceAll "^[a-z+]+://([^/]*).*$" . "${1}") -}}
{{- with trim . -}}
{{- $ports = append $ports (int (default "6379" (regexFind "[0-9]+$" (regexFind ":[0-9]+$" .)))) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- toJson (uniq $ports) -}}
{{- end -}}

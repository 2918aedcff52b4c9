{{/* What `crossfade route` is told. */}}
{{- define "crossfade.routerArguments" -}}
{{- $router := .Values.router -}}
{{- $files := "/etc/crossfade" -}}
- --host=0.0.0.0
- --router-name=$(POD_NAME)
- --state=/var/lib/crossfade/state
- --servers={{ include "crossfade.servers" . }}
- --processes={{ $router.processes }}
{{- if .Values.rollouts }}
- --distributions={{ $files }}/rollouts/rollouts.json
{{- end }}
{{- with include "crossfade.storeUrl" . }}
- --store={{ . }}
{{- end }}
{{- with include "crossfade.storePassword" . | fromYaml }}
- --store-password-file={{ $files }}/store-password/{{ .key }}
{{- end }}
{{- with .Values.store.authoritySecret }}
{{- if .name }}
- --store-tls-authority={{ $files }}/store-authority/{{ .key }}
{{- end }}
{{- end }}
{{- with .Values.tls.router }}
{{- if .secret }}
- --tls-certificate={{ $files }}/tls/tls.crt
- --tls-key={{ $files }}/tls/tls.key
{{- end }}
{{- if .clientCertificates }}
- --tls-client-authority={{ $files }}/tls/ca.crt
{{- end }}
{{- end }}
{{- with .Values.tls.servers }}
{{- if .secret }}
- --servers-tls-authority={{ $files }}/servers-tls/ca.crt
{{- end }}
{{- if .clientSecret }}
- --servers-tls-certificate={{ $files }}/client-tls/tls.crt
- --servers-tls-key={{ $files }}/client-tls/tls.key
{{- end }}
{{- end }}
{{- if $router.admin.expose }}
- --admin-host=0.0.0.0
- --admin-tokens={{ $files }}/admin-tokens/{{ $router.admin.tokensSecret.key }}
{{- end }}
{{- with $router.overrideTokenSecret }}
{{- if .name }}
- --override-token-file={{ $files }}/override-token/{{ .key }}
{{- end }}
{{- end }}
{{- with include "crossfade.feedbackUrl" . }}
- --feedback={{ . }}
{{- end }}
{{- include "crossfade.feedbackPassword" . }}
{{- include "crossfade.shutdownFlags" $router.shutdown | nindent 0 }}
{{- include "crossfade.flags" $router.settings }}
{{- end -}}

{{/* All pools, each by the name that its headless Service gives to all of its servers. */}}
{{- define "crossfade.servers" -}}
{{- $servers := list -}}
{{- range (include "crossfade.pools" . | fromJson).pools -}}
{{- $servers = append $servers (printf "%s=dns:%s-%s.%s.svc:8500" .class (include "crossfade.fullname" $) .name $.Release.Namespace) -}}
{{- end -}}
{{- join "," $servers -}}
{{- end -}}

{{/* Feedback that goes to the store's Redis has the store's password, unless it says otherwise. */}}
{{- define "crossfade.feedbackPassword" -}}
{{- if .Values.feedback.enabled -}}
{{- if .Values.feedback.passwordSecret.name }}
- --feedback-password-file=/etc/crossfade/feedback-password/{{ .Values.feedback.passwordSecret.key }}
{{- else if not .Values.feedback.url }}
{{- with include "crossfade.storePassword" . | fromYaml }}
- --feedback-password-file=/etc/crossfade/store-password/{{ .key }}
{{- end }}
{{- with .Values.store.authoritySecret }}
{{- if .name }}
- --feedback-tls-authority=/etc/crossfade/store-authority/{{ .key }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}
{{- end -}}

{{/* A router's pod, the same in a Deployment and in a StatefulSet. */}}
{{- define "crossfade.routerPod" -}}
{{- $router := .Values.router -}}
{{- $store := include "crossfade.storeUrl" . -}}
metadata:
  labels:
    {{- include "crossfade.labels" (dict "root" . "component" "router") | nindent 4 }}
  annotations:
    {{- with .Values.rollouts }}
    crossfade/rollouts: {{ toJson . | sha256sum }}
    {{- end }}
    {{- with $router.podAnnotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
    kubectl.kubernetes.io/default-container: router
spec:
  {{- include "crossfade.podBasics" (dict "root" .) | nindent 2 }}
  securityContext:
    {{- include "crossfade.podSecurity" .Values | nindent 4 }}
  terminationGracePeriodSeconds: {{ $router.shutdown.graceSeconds }}
  {{- include "crossfade.placement" (dict "root" . "component" "router" "of" $router "byTemplate" (not (empty $store))) | nindent 2 }}
  {{- with $router.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $router.affinity }}
  affinity:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  containers:
    - name: router
      image: {{ include "crossfade.image" . }}
      imagePullPolicy: {{ .Values.image.pullPolicy }}
      args:
        - route
        {{- include "crossfade.routerArguments" . | nindent 8 }}
      env:
        - name: POD_NAME
          valueFrom: { fieldRef: { fieldPath: metadata.name } }
      ports:
        - { name: grpc, containerPort: 8500 }
        - { name: http, containerPort: 8501 }
        - { name: metrics, containerPort: 8502 }
        {{- if $router.admin.expose }}
        - { name: admin, containerPort: 8503 }
        - { name: admin-http, containerPort: 8504 }
        {{- end }}
      {{- include "crossfade.probes" (dict "tls" .Values.tls.router.secret "startup" "live" "startupSeconds" 60) | nindent 6 }}
      lifecycle:
        preStop: { sleep: { seconds: {{ $router.shutdown.sleepSeconds }} } }
      securityContext:
        {{- include "crossfade.containerSecurity" . | nindent 8 }}
      resources:
        {{- toYaml $router.resources | nindent 8 }}
      volumeMounts:
        - { name: state, mountPath: /var/lib/crossfade }
        - { name: tmp, mountPath: /tmp }
        {{- range include "crossfade.routerFiles" . | fromYamlArray }}
        - { name: {{ .name }}, mountPath: /etc/crossfade/{{ .name }}, readOnly: true }
        {{- end }}
  volumes:
    - name: tmp
      emptyDir: {}
    {{- if $store }}
    - name: state
      emptyDir: {}
    {{- end }}
    {{- range include "crossfade.routerFiles" . | fromYamlArray }}
    {{- if .configMap }}
    - name: {{ .name }}
      configMap: { name: {{ .configMap }} }
    {{- else }}
    - name: {{ .name }}
      secret: { secretName: {{ .secret }}, defaultMode: 0440 }
    {{- end }}
    {{- end }}
{{- end -}}

{{/* Files that it reads: a list of name, and secret or configMap. */}}
{{- define "crossfade.routerFiles" -}}
{{- if .Values.rollouts }}
- { name: rollouts, configMap: {{ include "crossfade.fullname" . }}-rollouts }
{{- end }}
{{- with .Values.tls.router.secret }}
- { name: tls, secret: {{ . }} }
{{- end }}
{{- with .Values.tls.servers.secret }}
- { name: servers-tls, secret: {{ . }} }
{{- end }}
{{- with .Values.tls.servers.clientSecret }}
- { name: client-tls, secret: {{ . }} }
{{- end }}
{{- with include "crossfade.storePassword" . | fromYaml }}
- { name: store-password, secret: {{ .name }} }
{{- end }}
{{- with .Values.store.authoritySecret.name }}
- { name: store-authority, secret: {{ . }} }
{{- end }}
{{- if .Values.feedback.enabled }}
{{- with .Values.feedback.passwordSecret.name }}
- { name: feedback-password, secret: {{ . }} }
{{- end }}
{{- end }}
{{- if .Values.router.admin.expose }}
- { name: admin-tokens, secret: {{ .Values.router.admin.tokensSecret.name }} }
{{- end }}
{{- with .Values.router.overrideTokenSecret.name }}
- { name: override-token, secret: {{ . }} }
{{- end }}
{{- end -}}

{{/* Which Secret has the store's password; empty: none. */}}
{{- define "crossfade.storePassword" -}}
{{- $secret := ternary .Values.valkey.passwordSecret .Values.store.passwordSecret .Values.valkey.enabled -}}
{{- if $secret.name -}}{{ toYaml $secret }}{{- end -}}
{{- end -}}

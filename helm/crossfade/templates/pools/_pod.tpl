{{/* A server's pod: dict root, pool. */}}
{{- define "crossfade.poolPod" -}}
{{- $root := .root -}}
{{- $pool := .pool -}}
{{- $models := $pool.models -}}
metadata:
  labels:
    {{- include "crossfade.labels" (dict "root" $root "component" $pool.name) | nindent 4 }}
    crossfade/class: {{ $pool.class }}
  annotations:
    {{- with $pool.podAnnotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
    kubectl.kubernetes.io/default-container: server
spec:
  {{- include "crossfade.podBasics" (dict "root" $root) | nindent 2 }}
  securityContext:
    {{- include "crossfade.podSecurity" $root.Values | nindent 4 }}
  terminationGracePeriodSeconds: {{ $pool.shutdown.graceSeconds }}
  {{- include "crossfade.placement" (dict "root" $root "component" $pool.name "of" $pool "byTemplate" true) | nindent 2 }}
  {{- include "crossfade.poolTolerations" $pool | nindent 2 }}
  {{- include "crossfade.poolAffinity" $pool | nindent 2 }}
  {{- with $models.downloads }}
  initContainers:
    {{- include "crossfade.downloader" (dict "root" $root "downloads" .) | nindent 4 }}
  {{- end }}
  containers:
    - name: server
      image: {{ include "crossfade.poolImage" . }}
      imagePullPolicy: {{ $root.Values.image.pullPolicy }}
      args:
        - serve
        - --host=0.0.0.0
        - --models=/models
        - --state=/var/lib/crossfade/state
        - --provider={{ ternary "cuda" "cpu" (eq $pool.class "cuda") }}
        {{- if eq $pool.class "edge" }}
        - --variant=edge
        {{- end }}
        {{- if $root.Values.tls.servers.secret }}
        - --tls-certificate=/etc/crossfade/tls/tls.crt
        - --tls-key=/etc/crossfade/tls/tls.key
        {{- end }}
        {{- if $root.Values.tls.servers.clientSecret }}
        - --tls-client-authority=/etc/crossfade/tls/ca.crt
        {{- end }}
        {{- include "crossfade.shutdownFlags" $pool.shutdown | nindent 8 }}
        {{- with $pool.settings }}
        {{- include "crossfade.flags" . | trim | nindent 8 }}
        {{- end }}
      ports:
        - { name: grpc, containerPort: 8500 }
        - { name: http, containerPort: 8501 }
        - { name: metrics, containerPort: 8502 }
      {{- include "crossfade.probes" (dict "tls" $root.Values.tls.servers.secret "startup" "" "startupSeconds" $pool.startupSeconds) | nindent 6 }}
      lifecycle:
        preStop: { sleep: { seconds: {{ $pool.shutdown.sleepSeconds }} } }
      securityContext:
        {{- include "crossfade.containerSecurity" $root | nindent 8 }}
      resources:
        {{- toYaml $pool.resources | nindent 8 }}
      volumeMounts:
        - { name: state, mountPath: /var/lib/crossfade }
        - { name: tmp, mountPath: /tmp }
        {{- with $models.claim }}
        {{- if .name }}
        - { name: models, mountPath: /models, readOnly: true{{ with .subPath }}, subPath: {{ . | quote }}{{ end }} }
        {{- end }}
        {{- end }}
        {{- if or $models.images $models.downloads }}
        - { name: models, mountPath: /models, readOnly: {{ empty $models.images }} }
        {{- end }}
        {{- range $i, $one := $models.images }}
        - { name: model-{{ $i }}, mountPath: /models/{{ $one.model }}/{{ $one.version }}, readOnly: true }
        {{- end }}
        {{- if $root.Values.tls.servers.secret }}
        - { name: tls, mountPath: /etc/crossfade/tls, readOnly: true }
        {{- end }}
  volumes:
    - name: state
      emptyDir: {}
    - name: tmp
      emptyDir: {}
    {{- include "crossfade.poolModels" . | nindent 4 }}
    {{- with $root.Values.tls.servers.secret }}
    - name: tls
      secret: { secretName: {{ . }}, defaultMode: 0440 }
    {{- end }}
{{- end -}}

{{/* Volumes of its models. */}}
{{- define "crossfade.poolModels" -}}
{{- $models := .pool.models -}}
- name: models
  {{- if $models.claim.name }}
  persistentVolumeClaim: { claimName: {{ $models.claim.name }}, readOnly: true }
  {{- else if $models.downloads }}
  emptyDir: { sizeLimit: {{ $models.downloadSize }} }
  {{- else }}
  emptyDir: {}
  {{- end }}
{{- range $i, $one := $models.images }}
- name: model-{{ $i }}
  image: { reference: {{ $one.reference }}, pullPolicy: {{ default $.root.Values.image.pullPolicy $one.pullPolicy }} }
{{- end }}
{{- if $models.downloads }}
{{- with .root.Values.downloader.netrcSecret }}
- name: netrc
  secret: { secretName: {{ . }}, defaultMode: 0440 }
{{- end }}
{{- end }}
{{- end -}}

{{- define "crossfade.poolTolerations" -}}
{{- $own := ternary (list (dict "key" .gpu.taint "operator" "Exists" "effect" "NoSchedule")) list (eq .class "cuda") -}}
{{- with concat $own .tolerations -}}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* GPU feature discovery labels nodes by what they have. A pool's own affinity takes the place of that. */}}
{{- define "crossfade.poolAffinity" -}}
{{- if .affinity -}}
affinity:
  {{- toYaml .affinity | nindent 2 }}
{{- else if eq .class "cuda" -}}
affinity:
  nodeAffinity:
    requiredDuringSchedulingIgnoredDuringExecution:
      nodeSelectorTerms:
        - matchExpressions:
            {{- if .gpu.products }}
            - { key: nvidia.com/gpu.product, operator: In, values: {{ toJson .gpu.products }} }
            {{- else }}
            - { key: nvidia.com/gpu.present, operator: In, values: ["true"] }
            {{- end }}
{{- end }}
{{- end -}}

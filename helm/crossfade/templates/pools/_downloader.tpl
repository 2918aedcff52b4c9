{{/*
An init container for each download: dict root, downloads. A version's folder appears whole or not at all, and only with the
bytes that its checksum names.
*/}}
{{- define "crossfade.downloader" -}}
{{- $downloader := .root.Values.downloader -}}
{{- range $i, $one := .downloads }}
- name: download-{{ $i }}
  image: {{ include "crossfade.reference" (dict "image" $downloader.image "fallbackTag" "") }}
  imagePullPolicy: {{ $.root.Values.image.pullPolicy }}
  command: [/bin/sh, -euc]
  args:
    - |
      cd /models
      if [ -e "$MODEL/$VERSION" ]; then exit 0; fi
      rm -rf .arriving
      mkdir -p .arriving/folder "$MODEL"
      curl --fail --location --silent --show-error --retry 5 --retry-all-errors {{ if $downloader.netrcSecret }}--netrc-file /etc/downloader/netrc {{ end }}--output .arriving/archive "$URL"
      echo "$SHA256  .arriving/archive" | sha256sum -c
      tar -xzf .arriving/archive -C .arriving/folder
      mv .arriving/folder "$MODEL/$VERSION"
      rm -rf .arriving
  env:
    - { name: MODEL, value: {{ $one.model | quote }} }
    - { name: VERSION, value: {{ $one.version | quote }} }
    - { name: URL, value: {{ $one.url | quote }} }
    - { name: SHA256, value: {{ $one.sha256 | quote }} }
  securityContext:
    {{- include "crossfade.containerSecurity" $.root | nindent 4 }}
  resources:
    {{- toYaml $downloader.resources | nindent 4 }}
  volumeMounts:
    - { name: models, mountPath: /models }
    {{- if $downloader.netrcSecret }}
    - { name: netrc, mountPath: /etc/downloader, readOnly: true }
    {{- end }}
{{- end }}
{{- end -}}

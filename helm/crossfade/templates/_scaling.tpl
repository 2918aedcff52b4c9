{{/* Up at once, down when it has been less for five minutes, and one in four at most: a server that comes must load. */}}
{{- define "crossfade.scalingBehavior" -}}
behavior:
  scaleUp:
    stabilizationWindowSeconds: 0
    policies:
      - { type: Percent, value: 100, periodSeconds: 60 }
      - { type: Pods, value: 2, periodSeconds: 60 }
  scaleDown:
    stabilizationWindowSeconds: 300
    policies:
      - { type: Percent, value: 25, periodSeconds: 60 }
{{- end -}}

{{/* dict name, average: of each pod. */}}
{{- define "crossfade.podMetric" -}}
- type: Pods
  pods:
    metric: { name: {{ .name }} }
    target: { type: AverageValue, averageValue: {{ .average | quote }} }
{{- end -}}

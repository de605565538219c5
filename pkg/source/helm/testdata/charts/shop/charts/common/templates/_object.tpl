{{- define "common.object" -}}
apiVersion: v1
kind: {{ .kind }}
metadata:
  name: {{ .context.Release.Name }}-{{ .name }}
{{- end -}}

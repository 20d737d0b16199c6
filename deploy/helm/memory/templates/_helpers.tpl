{{- define "memory.fullname" -}}
{{- default .Release.Name .Values.nameOverride | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{/* What selects a component's pods; never changes. Argument: (list . "silo") */}}
{{- define "memory.selector" -}}
app.kubernetes.io/name: memory
app.kubernetes.io/instance: {{ (index . 0).Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end -}}

{{- define "memory.labels" -}}
{{ include "memory.selector" . }}
app.kubernetes.io/version: {{ (index . 0).Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ (index . 0).Release.Service }}
helm.sh/chart: {{ printf "%s-%s" (index . 0).Chart.Name (index . 0).Chart.Version }}
{{- end -}}

{{- define "memory.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ default .Chart.AppVersion .Values.image.tag }}
{{- end -}}
{{- end -}}

{{/* The Secret of the cluster's TLS; empty: none. */}}
{{- define "memory.clusterTls" -}}
{{- with .Values.cluster.tls -}}
{{- .existingSecret -}}
{{- end -}}
{{- end -}}

{{- define "memory.databaseEnv" -}}
- name: MEMORY_DATABASE_URL
  valueFrom:
    secretKeyRef:
      name: {{ required "database.existingSecret: a Secret with the PostgreSQL URL" .Values.database.existingSecret }}
      key: {{ .Values.database.key }}
- name: MEMORY_DATABASES
  valueFrom:
    secretKeyRef:
      name: {{ .Values.database.existingSecret }}
      key: {{ .Values.database.furtherKey }}
      optional: true
{{- end -}}

{{/* Everything a silo or gateway is told. Argument: (list . "silo") */}}
{{- define "memory.env" -}}
{{- $root := index . 0 -}}
{{- $values := $root.Values -}}
{{ include "memory.databaseEnv" $root }}
- name: MEMORY_API_KEYS
  valueFrom:
    secretKeyRef:
      name: {{ required "apiKeys.existingSecret: a Secret with the API keys" $values.apiKeys.existingSecret }}
      key: {{ $values.apiKeys.key }}
{{- if and $values.encryption.existingSecret (eq (index . 1) "silo") }}
- name: MEMORY_ENCRYPTION_KEYS
  valueFrom:
    secretKeyRef:
      name: {{ $values.encryption.existingSecret }}
      key: {{ $values.encryption.key }}
{{- end }}
- name: MEMORY_URLS
  value: "http://0.0.0.0:{{ $values.ports.http }}"
- name: MEMORY_SHUTDOWN_TIMEOUT_SECONDS
  value: {{ $values.shutdownSeconds | quote }}
- name: MEMORY_CLUSTER_ROLE
  value: {{ index . 1 }}
- name: MEMORY_CLUSTER_ID
  value: {{ default (include "memory.fullname" $root) $values.cluster.id | quote }}
- name: MEMORY_CLUSTER_SERVICE_ID
  value: {{ default (include "memory.fullname" $root) $values.cluster.serviceId | quote }}
- name: MEMORY_CLUSTER_ADDRESS
  valueFrom:
    fieldRef:
      fieldPath: status.podIP
- name: MEMORY_CLUSTER_SILO_PORT
  value: {{ $values.ports.silo | quote }}
- name: MEMORY_CLUSTER_GATEWAY_PORT
  value: {{ $values.ports.gateway | quote }}
{{- if include "memory.clusterTls" $root }}
- name: MEMORY_CLUSTER_TLS_CERTIFICATE
  value: /etc/memory/cluster/tls.crt
- name: MEMORY_CLUSTER_TLS_KEY
  value: /etc/memory/cluster/tls.key
- name: MEMORY_CLUSTER_TLS_AUTHORITY
  value: /etc/memory/cluster/ca.crt
{{- end }}
- name: MEMORY_EMBEDDING_PROVIDER
  value: {{ $values.embedding.provider }}
{{- with $values.embedding.modelName }}
- name: MEMORY_EMBEDDING_MODEL_NAME
  value: {{ . | quote }}
{{- end }}
{{- with $values.embedding.dimensions }}
- name: MEMORY_EMBEDDING_DIMENSIONS
  value: {{ . | quote }}
{{- end }}
{{- with $values.embedding.apiKeyKey }}
- name: MEMORY_EMBEDDING_API_KEY
  valueFrom:
    secretKeyRef:
      name: {{ $values.embedding.existingSecret }}
      key: {{ . }}
{{- end }}
{{- with $values.embedding.baseUrlKey }}
- name: MEMORY_EMBEDDING_BASE_URL
  valueFrom:
    secretKeyRef:
      name: {{ $values.embedding.existingSecret }}
      key: {{ . }}
{{- end }}
{{- with $values.chat.modelName }}
- name: MEMORY_CHAT_MODEL_NAME
  value: {{ . | quote }}
{{- end }}
{{- with $values.chat.apiKeyKey }}
- name: MEMORY_CHAT_API_KEY
  valueFrom:
    secretKeyRef:
      name: {{ $values.chat.existingSecret }}
      key: {{ . }}
{{- end }}
{{- with $values.chat.baseUrlKey }}
- name: MEMORY_CHAT_BASE_URL
  valueFrom:
    secretKeyRef:
      name: {{ $values.chat.existingSecret }}
      key: {{ . }}
{{- end }}
{{- range $name, $value := $values.settings }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end }}
{{- end -}}

{{- define "memory.podSecurity" -}}
runAsNonRoot: true
runAsUser: 1654
runAsGroup: 1654
fsGroup: 1654
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "memory.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

{{/* What every pod of the chart has. */}}
{{- define "memory.pod" -}}
{{- with .Values.serviceAccountName }}
serviceAccountName: {{ . }}
{{- end }}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with .Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
securityContext:
  {{- include "memory.podSecurity" . | nindent 2 }}
volumes:
  - name: tmp
    emptyDir:
      sizeLimit: 64Mi
  # The image declares it as a volume, for SQLite; nothing is kept there.
  - name: data
    emptyDir:
      sizeLimit: 64Mi
  {{- with include "memory.clusterTls" . }}
  - name: cluster-tls
    secret:
      secretName: {{ . }}
      defaultMode: 0440
  {{- end }}
{{- end -}}

{{- define "memory.mounts" -}}
- name: tmp
  mountPath: /tmp
- name: data
  mountPath: /data
{{- if include "memory.clusterTls" . }}
- name: cluster-tls
  mountPath: /etc/memory/cluster
  readOnly: true
{{- end }}
{{- end -}}

{{/* Away from its like: not on one node, nor in one zone, where there is a choice. Argument: (list . "silo") */}}
{{- define "memory.spread" -}}
topologySpreadConstraints:
  {{- range $key := list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
  - maxSkew: 1
    topologyKey: {{ $key }}
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "memory.selector" $ | nindent 8 }}
  {{- end }}
affinity:
  podAntiAffinity:
    preferredDuringSchedulingIgnoredDuringExecution:
      - weight: 100
        podAffinityTerm:
          topologyKey: kubernetes.io/hostname
          labelSelector:
            matchLabels:
              {{- include "memory.selector" . | nindent 14 }}
{{- end -}}

{{/* The HTTP server starts after the silo has joined, or the gateway has found one: that is what starting waits for. */}}
{{- define "memory.probes" -}}
startupProbe:
  httpGet: {path: /health/live, port: http}
  periodSeconds: 2
  timeoutSeconds: 3
  failureThreshold: 90
livenessProbe:
  httpGet: {path: /health/live, port: http}
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 3
readinessProbe:
  httpGet: {path: /health/ready, port: http}
  periodSeconds: 5
  timeoutSeconds: 3
  failureThreshold: 2
{{- end -}}

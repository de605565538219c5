package autoscaling_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/gitopsgen/gitopsgen/pkg/feature/autoscaling"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/load"
	"github.com/gitopsgen/gitopsgen/pkg/render"
)

// fleet returns a fleet with the app web, whose spec is given as a YAML flow
// mapping without braces.
func fleet(t *testing.T, app string) *load.Result {
	t.Helper()
	const head = "---\napiVersion: gitopsgen.dev/v1alpha1\nkind: "
	doc := head + "Fleet\nmetadata: {name: shop}\nspec: {gateways: [{name: public, namespace: edge, manage: false, section: https}]}\n" + head + "Cluster\nmetadata: {name: home}\n" +
		head + "Environment\nmetadata: {name: prod}\nspec: {clusters: [home], domain: example.com, gateway: public}\n" +
		head + "App\nmetadata: {name: web}\nspec: {image: \"web:1\", " + app + "}\n"
	l, err := load.Fleet(nil, load.File{Name: "fleet.yaml", Data: []byte(doc)})
	if err != nil {
		t.Fatalf("%v\n%s", err, doc)
	}
	return l
}

// found returns the rules of the findings about an app, warnings among them.
func found(t *testing.T, app string) []string {
	t.Helper()
	l := fleet(t, app)
	result, err := render.Fleet(context.Background(), l.Fleet, render.WithPositions(l.Positions))
	var list finding.List
	var invalid *finding.ValidationError
	switch {
	case errors.As(err, &invalid):
		list = invalid.List
	case err != nil:
		t.Fatal(err)
	default:
		list = result.Findings
	}
	var out []string
	for _, f := range list {
		out = append(out, f.Rule)
	}
	return out
}

const (
	queue    = "{name: queue, type: redis, metadata: {listName: orders}}"
	requests = "resources: {requests: {cpu: 10m, memory: 32Mi}}, "
)

// ruled has, for each rule, apps that break it, and apps that come close and do
// not.
var ruled = map[string]struct{ breaks, keeps []string }{
	"controlled-twice": {
		breaks: []string{
			"autoscaling: {maxReplicas: 3}, keda: {maxReplicas: 3, triggers: [" + queue + "]}",
			"replicas: 2, autoscaling: {maxReplicas: 3}, verticalAutoscaling: {updateMode: Recreate}",
			requests + "keda: {minReplicas: 2, maxReplicas: 3, triggers: [{name: memory, memory: {}}]}, verticalAutoscaling: {updateMode: Initial}",
		},
		keeps: []string{
			"autoscaling: {maxReplicas: 3}, verticalAutoscaling: {updateMode: \"Off\"}",
			"autoscaling: {maxReplicas: 3}, verticalAutoscaling: {updateMode: Recreate, containers: [{name: \"*\", controlledResources: [memory]}]}",
			requests + "keda: {minReplicas: 2, maxReplicas: 3, triggers: [{name: memory, memory: {averageValue: 1Gi}}]}, verticalAutoscaling: {updateMode: Initial}",
		},
	},
	"keda-bounds": {
		breaks: []string{
			"keda: {minReplicas: 4, maxReplicas: 3, triggers: [" + queue + "]}",
			"keda: {minReplicas: -1, maxReplicas: 3, triggers: [" + queue + "]}",
			"keda: {idleReplicas: 0, maxReplicas: 3, triggers: [" + queue + "]}",
			"keda: {idleReplicas: 1, minReplicas: 2, maxReplicas: 3, triggers: [" + queue + "]}",
		},
		keeps: []string{
			"keda: {minReplicas: 3, maxReplicas: 3, triggers: [" + queue + "]}",
			"keda: {idleReplicas: 0, minReplicas: 1, maxReplicas: 3, triggers: [" + queue + "]}",
		},
	},
	"keda-budget": {
		breaks: []string{
			"keda: {maxReplicas: 3, triggers: [" + queue + "]}, disruption: {enabled: true, minAvailable: 1}",
			"keda: {minReplicas: 2, maxReplicas: 3, triggers: [" + queue + "]}, disruption: {minAvailable: 100%}",
		},
		keeps: []string{
			"keda: {minReplicas: 2, maxReplicas: 3, triggers: [" + queue + "]}, disruption: {minAvailable: 1}",
			"keda: {maxReplicas: 3, triggers: [" + queue + "]}, disruption: {enabled: true}",
		},
	},
	"keda-cron": {
		breaks: []string{
			`keda: {maxReplicas: 3, triggers: [{name: day, cron: {start: "0 6 * *", end: "0 20 * * *", desiredReplicas: 2}}]}`,
			`keda: {maxReplicas: 3, triggers: [{name: day, cron: {start: "0 6 * * *", end: "0 6 * * *", desiredReplicas: 2}}]}`,
			`keda: {maxReplicas: 3, triggers: [{name: day, cron: {start: "0 6 * * *", end: "0 20 * * *"}}]}`,
		},
		keeps: []string{`keda: {maxReplicas: 3, triggers: [{name: day, cron: {start: "0 6 * * *", end: "0 20 * * *", desiredReplicas: 2}}]}`},
	},
	"keda-fallback": {
		breaks: []string{
			requests + "keda: {maxReplicas: 3, fallback: {replicas: 2}, triggers: [{name: cpu, cpu: {}}]}",
			"keda: {maxReplicas: 3, fallback: {replicas: -1}, triggers: [" + queue + "]}",
			"keda: {maxReplicas: 3, fallback: {replicas: 2, behavior: scalingModifiers}, triggers: [" + queue + "]}",
		},
		keeps: []string{requests + "keda: {maxReplicas: 3, fallback: {replicas: 2}, triggers: [{name: cpu, cpu: {}}, " + queue + "]}"},
	},
	"keda-formula": {
		breaks: []string{`keda: {maxReplicas: 3, scalingModifiers: {formula: a-b, target: "1"}, triggers: [{name: a-b, type: redis}]}`},
		keeps:  []string{`keda: {maxReplicas: 3, scalingModifiers: {formula: ab, target: "1"}, triggers: [{name: ab, type: redis}]}`},
	},
	"keda-job": {
		breaks: []string{
			"kind: Job, " + requests + "keda: {maxReplicas: 3, triggers: [{name: cpu, cpu: {}}]}",
			"kind: Job, keda: {maxReplicas: 3, cooldownPeriod: 10, triggers: [" + queue + "]}",
		},
		keeps: []string{"kind: Job, keda: {maxReplicas: 3, pollingInterval: 10, triggers: [" + queue + "]}"},
	},
	"keda-job-config": {
		breaks: []string{"kind: Job, config: [{name: x, env: true, data: {A: a}}], keda: {maxReplicas: 3, triggers: [" + queue + "]}"},
		keeps:  []string{"kind: Job, config: [{name: x, env: true, stableName: true, data: {A: a}}], keda: {maxReplicas: 3, triggers: [" + queue + "]}"},
	},
	"keda-kafka-topic": {
		breaks: []string{"keda: {maxReplicas: 3, triggers: [{name: lag, kafka: {bootstrapServers: [\"kafka:9092\"], consumerGroup: web}}]}"},
		keeps: []string{
			"keda: {maxReplicas: 3, triggers: [{name: lag, kafka: {bootstrapServers: [\"kafka:9092\"], consumerGroup: web, topic: web}}]}",
			"keda: {minReplicas: 1, maxReplicas: 3, triggers: [{name: lag, kafka: {bootstrapServers: [\"kafka:9092\"], consumerGroup: web}}]}",
		},
	},
	"keda-no-trigger": {
		breaks: []string{"keda: {maxReplicas: 3}"},
		keeps:  []string{"keda: {maxReplicas: 3, triggers: [" + queue + "]}"},
	},
	"keda-paused": {
		breaks: []string{"keda: {maxReplicas: 3, paused: true, triggers: [" + queue + "]}"},
		keeps:  []string{"keda: {maxReplicas: 3, paused: false, triggers: [" + queue + "]}"},
	},
	"keda-secret-key": {
		breaks: []string{"secrets: [{name: queue, storeRef: {name: x}, keys: [{name: url}]}], keda: {maxReplicas: 3, triggers: [" +
			"{name: queue, type: redis, authentication: {secrets: [{parameter: host, name: queue, key: uri}]}}]}"},
		keeps: []string{"secrets: [{name: queue, storeRef: {name: x}, keys: [{name: url}]}], keda: {maxReplicas: 3, triggers: [" +
			"{name: queue, type: redis, authentication: {secrets: [{parameter: host, name: queue, key: url}]}}]}"},
	},
	"keda-zero": {
		breaks: []string{requests + "keda: {minReplicas: 0, maxReplicas: 3, triggers: [{name: cpu, cpu: {}}]}"},
		keeps:  []string{requests + "keda: {maxReplicas: 3, triggers: [{name: cpu, cpu: {}}]}", requests + "keda: {maxReplicas: 3, triggers: [{name: cpu, cpu: {}}, " + queue + "]}"},
	},
	"keda-zero-route": {
		breaks: []string{"ports: [{name: http, port: 80}], routes: [{host: web}], keda: {maxReplicas: 3, triggers: [" + queue + "]}"},
		keeps:  []string{"ports: [{name: http, port: 80}], routes: [{host: web}], keda: {minReplicas: 1, maxReplicas: 3, triggers: [" + queue + "]}"},
	},
	"scaling-without-request": {
		breaks: []string{"keda: {maxReplicas: 3, triggers: [{name: cpu, cpu: {}}]}"},
		keeps: []string{
			requests + "keda: {maxReplicas: 3, triggers: [{name: cpu, cpu: {}}]}",
			"keda: {maxReplicas: 3, triggers: [{name: cpu, cpu: {averageValue: 100m}}]}",
		},
	},
	"unknown-container": {
		breaks: []string{"verticalAutoscaling: {containers: [{name: wbe}]}", requests + "keda: {maxReplicas: 3, triggers: [{name: cpu, cpu: {container: wbe}}]}"},
		keeps:  []string{"verticalAutoscaling: {containers: [{name: web}]}", requests + "keda: {maxReplicas: 3, triggers: [{name: cpu, cpu: {container: web}}]}"},
	},
	"unknown-volume": {
		breaks: []string{"pod: {safeToEvictLocalVolumes: [cache]}"},
		keeps:  []string{"pod: {safeToEvictLocalVolumes: [cache]}, volumes: [{name: cache, mountPath: /c, emptyDir: {}}]"},
	},
	"unprovided-secret": {
		breaks: []string{"keda: {maxReplicas: 3, triggers: [{name: queue, type: redis, authentication: {secrets: [{parameter: host, name: queue, key: url}]}}]}"},
		keeps:  []string{"existingSecrets: [queue], keda: {maxReplicas: 3, triggers: [{name: queue, type: redis, authentication: {secrets: [{parameter: host, name: queue, key: url}]}}]}"},
	},
	"vertical-bounds": {
		breaks: []string{"verticalAutoscaling: {containers: [{name: web, minAllowed: {cpu: 2}, maxAllowed: {cpu: 1500m}}]}"},
		keeps:  []string{"verticalAutoscaling: {containers: [{name: web, minAllowed: {cpu: 1}, maxAllowed: {cpu: 1000m}}]}"},
	},
	"vertical-one-replica": {
		breaks: []string{"verticalAutoscaling: {updateMode: Recreate}"},
		keeps: []string{"replicas: 2, verticalAutoscaling: {updateMode: Recreate}", "verticalAutoscaling: {updateMode: Initial}",
			"verticalAutoscaling: {updateMode: Recreate, minReplicas: 1}"},
	},
	"vertical-target": {
		breaks: []string{"kind: Job, verticalAutoscaling: {}, keda: {maxReplicas: 3, triggers: [" + queue + "]}"},
		keeps:  []string{"kind: Job, verticalAutoscaling: {}"},
	},
	"missing-value": {
		breaks: []string{
			"keda: {triggers: [" + queue + "]}",
			"keda: {maxReplicas: 3, fallback: {}, triggers: [" + queue + "]}",
			"keda: {maxReplicas: 3, triggers: [{name: q, rabbitmq: {queueName: web, value: \"20\"}}]}",
			"keda: {maxReplicas: 3, triggers: [{name: q, awsSQS: {awsRegion: eu-west-1}}]}",
			"keda: {maxReplicas: 3, triggers: [{name: q, prometheus: {query: up, threshold: \"1\"}}]}",
		},
		keeps: []string{
			"keda: {maxReplicas: 3, triggers: [{name: q, rabbitmq: {hostFromEnv: QUEUE, queueName: web, value: \"20\"}}]}",
			"keda: {maxReplicas: 3, triggers: [{name: q, awsSQS: {queueURLFromEnv: QUEUE, awsRegion: eu-west-1}}]}",
		},
	},
	"one-of": {
		breaks: []string{
			"keda: {maxReplicas: 3, triggers: [{name: q}]}",
			"keda: {maxReplicas: 3, triggers: [{name: q, type: redis, cpu: {}}]}",
			"keda: {maxReplicas: 3, triggers: [{name: q, type: redis, authentication: {}}]}",
		},
		keeps: []string{"keda: {maxReplicas: 3, triggers: [{name: q, type: redis, authentication: {existing: {name: redis}}}]}"},
	},
}

// TestRules checks that each rule of the room is broken by an app that breaks it,
// and by none that keeps it.
func TestRules(t *testing.T) {
	for _, r := range autoscaling.Feature().Rules {
		if _, ok := ruled[r.ID]; !ok {
			t.Errorf("no app breaks the rule %s", r.ID)
		}
	}
	for rule, tc := range ruled {
		t.Run(rule, func(t *testing.T) {
			for _, app := range tc.breaks {
				if got := found(t, app); !slices.Contains(got, rule) {
					t.Errorf("%s is not found, but %v, in\n%s", rule, got, app)
				}
			}
			for _, app := range tc.keeps {
				if slices.Contains(found(t, app), rule) {
					t.Errorf("%s is found in\n%s", rule, app)
				}
			}
		})
	}
}

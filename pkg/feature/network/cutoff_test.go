package network_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/load"
	"github.com/gitopsgen/gitopsgen/pkg/render"
)

// TestCutOff checks which pods of objects that an app brings along are found to be
// cut off from everybody.
func TestCutOff(t *testing.T) {
	const (
		fleet = `apiVersion: gitopsgen.dev/v1alpha1
kind: Fleet
metadata: {name: shop}
---
apiVersion: gitopsgen.dev/v1alpha1
kind: Cluster
metadata: {name: home}
---
apiVersion: gitopsgen.dev/v1alpha1
kind: Environment
metadata: {name: prod}
spec: {clusters: [home]`
		app = `}
---
apiVersion: gitopsgen.dev/v1alpha1
kind: App
metadata: {name: db}
spec: {objects: [`
		pod     = "{apiVersion: apps/v1, kind: Deployment, metadata: {name: db}, spec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: db, image: 'db:1'}]}}}}"
		hook    = "{apiVersion: batch/v1, kind: Job, metadata: {name: db, annotations: {argocd.argoproj.io/hook: PreSync}}, spec: {template: {metadata: {labels: {a: b}}, spec: {restartPolicy: Never, containers: [{name: db, image: 'db:1'}]}}}}"
		early   = ", {apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: db, annotations: {argocd.argoproj.io/hook: PreSync, argocd.argoproj.io/sync-wave: '-1'}}, spec: {podSelector: {}, ingress: [{}]}}"
		onNode  = "{apiVersion: apps/v1, kind: DaemonSet, metadata: {name: db}, spec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {hostNetwork: true, containers: [{name: db, image: 'db:1'}]}}}}"
		policy  = ", {apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: db}, spec: {podSelector: {matchExpressions: [{key: a, operator: In, values: [b]}]}, ingress: [{}]}}"
		another = ", {apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: db}, spec: {podSelector: {matchLabels: {a: c}}, ingress: [{}]}}"
		cut     = "namespace shop-prod denies all traffic that no network policy allows, and no policy selects the pods of Deployment db"
	)
	for name, tc := range map[string]struct {
		reason, env, objects string
		want                 []string
	}{
		"Denied":    {"Nobody reaches the pods, and they reach nobody.", "", pod, []string{cut}},
		"Other":     {"A policy for other pods does not help.", "", pod + another, []string{cut}},
		"Policy":    {"A policy says what is allowed.", "", pod + policy, nil},
		"Open":      {"Nothing is denied.", ", namespaces: {defaultDeny: false}", pod, nil},
		"Elsewhere": {"Somebody else makes the namespace, and says what it denies.", ", namespaces: {manage: false}", pod, nil},
		"Hook":      {"A policy is not there before the app's objects.", "", hook + policy, []string{strings.Replace(cut, "Deployment", "Job", 1)}},
		"Early":     {"One that is a hook itself is.", "", hook + early, nil},
		"Node":      {"Policies are not for the network of nodes.", "", onNode, nil},
		"None":      {"There are no pods.", "", "{apiVersion: v1, kind: ConfigMap, metadata: {name: db}}", nil},
	} {
		t.Run(name, func(t *testing.T) {
			l, err := load.Fleet(nil, load.File{Name: "fleet.yaml", Data: []byte(fleet + tc.env + app + tc.objects + "]}\n")})
			if err != nil {
				t.Fatal(err)
			}
			result, err := render.Fleet(context.Background(), l.Fleet, render.WithPositions(l.Positions))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range result.Findings {
				if f.Rule == "cut-off-pods" {
					got = append(got, f.Reason)
				}
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

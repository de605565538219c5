package network_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/internal/featurestest"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// TestClusterDNS checks which clusters are asked where their DNS answers.
func TestClusterDNS(t *testing.T) {
	for name, tc := range map[string]struct {
		reason  string
		cluster model.Cluster
		want    []string
	}{
		"None":      {"Elsewhere, the default does.", model.Cluster{}, nil},
		"EKS":       {"The platform says it all.", model.Cluster{Platform: model.EKS}, nil},
		"GKE":       {"A cache may answer at an address that only the user knows.", model.Cluster{Platform: model.GKE}, []string{"dns-address clusters[lab].dns.addresses"}},
		"Port":      {"A port does not say where.", model.Cluster{Platform: model.GKE, DNS: &model.ClusterDNS{Port: new(int32(53))}}, []string{"dns-address clusters[lab].dns.addresses"}},
		"Addresses": {"The address is known.", model.Cluster{Platform: model.GKE, DNS: &model.ClusterDNS{Addresses: []string{"10.0.0.10/32"}}}, nil},
		"Pods":      {"With Dataplane V2, pods answer.", model.Cluster{Platform: model.GKE, DNS: &model.ClusterDNS{Pods: []model.Pods{{Namespace: "kube-system"}}}}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			f := featurestest.Routed(model.Route{Host: "shop"})
			tc.cluster.Name = "lab"
			f.Clusters[0] = tc.cluster
			var got []string
			for _, x := range featurestest.Validated(f) {
				got = append(got, x.Rule+" "+string(x.Path))
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s: findings (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

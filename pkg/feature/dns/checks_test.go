package dns_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/internal/featurestest"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// web returns the spec of the app web.
func web(f *model.Fleet) *model.AppSpec { return &f.Apps[0].Spec }

// TestValidated checks the findings about what a fleet says, and about its targets.
func TestValidated(t *testing.T) {
	for name, tc := range map[string]struct {
		reason string
		route  model.Route
		change func(*model.Fleet)
		want   []string
	}{
		"Record": {reason: "Types of records are known.", route: model.Route{Host: "shop"},
			change: func(f *model.Fleet) { f.Apps[0].Spec.DNS = []model.DNSRecord{{Name: "a", Type: "PTR"}} }, want: []string{"invalid-value"}},
	} {
		t.Run(name, func(t *testing.T) {
			f := featurestest.Routed(tc.route)
			if tc.change != nil {
				tc.change(f)
			}
			featurestest.CheckValidated(t, tc.reason, f, tc.want)
		})
	}
}

// TestBroken checks the findings about all targets together.
func TestBroken(t *testing.T) {
	for name, tc := range map[string]struct {
		reason string
		change func(*model.Fleet)
		want   []string
	}{
		"IncompleteRecord": {"Records are completed alike, and have no wildcard.",
			func(f *model.Fleet) {
				f.Environments[0].Domain = ""
				f.Apps = f.Apps[:1]
				f.Gateways = nil
				*web(f) = model.AppSpec{ContainerSpec: web(f).ContainerSpec, DNS: []model.DNSRecord{{Name: "a", Host: "a", Targets: []string{"b.example.com"}}}}
				f.Environments[0].Gateway, f.Environments[1].Gateway = "", ""
			}, []string{"incomplete-host"}},
		"RecordConflict": {"The route makes the record already.",
			func(f *model.Fleet) {
				web(f).DNS = []model.DNSRecord{{Name: "shop", Host: "shop", Targets: []string{"elsewhere.example.net"}}}
			}, []string{"record-conflict"}},
	} {
		t.Run(name, func(t *testing.T) {
			f := featurestest.Fleet()
			tc.change(f)
			if diff := cmp.Diff(tc.want, featurestest.Broken(f)); diff != "" {
				t.Errorf("%s: rules (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

package resolve_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/resolve"
)

// TestDelivery checks that an app's delivery adds to the fleet's.
func TestDelivery(t *testing.T) {
	yes, no := new(true), new(false)
	fleets, apps := &model.Previews{Environment: "dev"}, &model.Previews{Environment: "test"}
	tests := map[string]struct {
		reason string
		fleet  model.Delivery
		app    *model.Delivery
		want   model.Delivery
	}{
		"Nothing": {"Applications are the default", model.Delivery{}, nil, model.Delivery{Strategy: model.Applications}},
		"Fleet":   {"the fleet's where the app says nothing", model.Delivery{Strategy: model.ListSet, Rolling: yes}, nil, model.Delivery{Strategy: model.ListSet, Rolling: yes}},
		"Strategy": {"another strategy keeps the fleet's steps and previews", model.Delivery{Strategy: model.ListSet, Rolling: yes, MaxUpdate: "1", Previews: fleets}, &model.Delivery{Strategy: model.FileSet},
			model.Delivery{Strategy: model.FileSet, Rolling: yes, MaxUpdate: "1", Previews: fleets}},
		"Previews":     {"previews keep the fleet's strategy", model.Delivery{Strategy: model.ListSet, Rolling: yes}, &model.Delivery{Previews: apps}, model.Delivery{Strategy: model.ListSet, Rolling: yes, Previews: apps}},
		"False":        {"false is a value", model.Delivery{Strategy: model.ListSet, Rolling: yes}, &model.Delivery{Rolling: no}, model.Delivery{Strategy: model.ListSet, Rolling: no}},
		"Update":       {"the app's number wins", model.Delivery{Strategy: model.ListSet, MaxUpdate: "1"}, &model.Delivery{MaxUpdate: "50%"}, model.Delivery{Strategy: model.ListSet, MaxUpdate: "50%"}},
		"Applications": {"nothing rolls without a set", model.Delivery{Strategy: model.ListSet, Rolling: yes, MaxUpdate: "1"}, &model.Delivery{Strategy: model.Applications}, model.Delivery{Strategy: model.Applications}},
		"Refused":      {"what the app itself says is not hidden from validation", model.Delivery{}, &model.Delivery{Strategy: model.Applications, Rolling: yes}, model.Delivery{Strategy: model.Applications, Rolling: yes}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got := resolve.Delivery(&model.Fleet{Delivery: tc.fleet}, &model.App{Delivery: tc.app})
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

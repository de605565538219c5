package render_test

import (
	"context"
	"errors"
	"testing"

	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/render"
)

// TestWrongInOneScope renders an app that is wrong in an environment and right in one of
// its clusters: that is a finding.
func TestWrongInOneScope(t *testing.T) {
	f := three()
	f.Apps[0].Spec.Source = &model.Source{Objects: []model.RawObject{{"apiVersion": "v1", "kind": "ConfigMap", "metadata": map[string]any{"name": "a"}}}}
	f.Apps[0].Environments = map[string]model.Override{"prod": {Clusters: map[string]model.AppSpec{"two": {Kind: model.NoWorkload}}}}
	_, err := render.Fleet(context.Background(), f)
	var found *finding.ValidationError
	if !errors.As(err, &found) || found.List[0].Rule != "source-workload" {
		t.Errorf("%v", err)
	}
}

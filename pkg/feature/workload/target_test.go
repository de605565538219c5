package workload_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/features"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/validate"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// TestJobRunsAgain finds what makes Argo CD run a Job that did not change.
func TestJobRunsAgain(t *testing.T) {
	ttl := &model.JobSpec{TTLSecondsAfterFinished: new(int32(60))}
	for name, tc := range map[string]struct {
		reason string
		spec   model.AppSpec
		want   []string
	}{
		"Plain":   {"A Job runs once.", model.AppSpec{Kind: model.Job, Job: &model.JobSpec{}}, nil},
		"TTL":     {"A Job that is gone is created again.", model.AppSpec{Kind: model.Job, Job: ttl}, []string{"apps[web].spec.job.ttlSecondsAfterFinished"}},
		"CronJob": {"A CronJob makes new ones by its schedule.", model.AppSpec{Kind: model.CronJob, Job: ttl, Schedule: &model.Schedule{Cron: "0 3 * * *"}}, nil},
		"Applied": {"A Job that is applied in each sync is replaced each time.",
			model.AppSpec{Kind: model.Job, Sync: &model.Sync{Options: map[string]string{"ApplyOutOfSyncOnly": "false"}}},
			[]string{"apps[web].spec.sync.options[ApplyOutOfSyncOnly]"}},
	} {
		t.Run(name, func(t *testing.T) {
			tc.spec.Image = "web:1"
			var got []string
			for _, f := range validate.Target(fieldpath.Path("apps").Key("web").Field("spec"), &view.Target{App: "web", Spec: tc.spec}, features.Default(), nil) {
				if f.Rule == "job-runs-again" {
					got = append(got, string(f.Path))
				}
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

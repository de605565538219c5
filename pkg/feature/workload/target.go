package workload

import (
	"slices"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/feature/part"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// checkTarget checks what runs, with nothing left to fill in.
func checkTarget(r *feature.Report, at fieldpath.Path, t *view.Target) {
	c, s := checker{r}, &t.Spec
	if t.Spec.Kind != model.NoWorkload {
		c.complete(at, t)
		c.referred(at, s)
	}
	c.resolvedHooks(at, s)
}

// complete checks that what has no default is there.
func (c checker) complete(at fieldpath.Path, t *view.Target) {
	s, names := &t.Spec, map[string]bool{}
	for _, x := range part.Containers(at, s) {
		c.Unique(names, x.Path, x.Name)
		if x.Spec.Image == "" {
			c.Errorf("missing-image", x.Path.Field("image"), "add an image", "the container %s has no image", x.Name)
		}
		for _, p := range x.Spec.Ports {
			if p.Port == 0 {
				c.Errorf("missing-value", x.Path.Field("ports").Key(p.Name).Field("port"), "add the port's number", "the port has no number")
			}
		}
	}
	if s.Kind == model.CronJob && (s.Schedule == nil || s.Schedule.Cron == "") {
		c.Errorf("missing-value", at.Field("schedule").Field("cron"), "add a schedule such as 15 3 * * *", "a CronJob has no schedule")
	}
	if s.Kind == model.Job && t.MadeBy == "" {
		c.runsAgain(at, s)
	}
}

// runsAgain finds what makes Argo CD run a Job again that did not change.
func (c checker) runsAgain(at fieldpath.Path, s *model.AppSpec) {
	if s.Job != nil && s.Job.TTLSecondsAfterFinished != nil {
		c.Warnf("job-runs-again", at.Field("job").Field("ttlSecondsAfterFinished"), "remove it",
			"Kubernetes deletes the finished Job after %d seconds, and Argo CD then creates it again", *s.Job.TTLSecondsAfterFinished)
	}
	if s.Sync != nil && s.Sync.Options["ApplyOutOfSyncOnly"] == "false" {
		c.Warnf("job-runs-again", at.Field("sync").Field("options").Key("ApplyOutOfSyncOnly"), "remove it",
			"each sync applies all objects of the app, and so replaces the Job")
	}
}

// referred checks that names inside of the spec name something.
func (c checker) referred(at fieldpath.Path, s *model.AppSpec) {
	var volumes, ports []string
	for _, v := range s.Volumes {
		volumes = append(volumes, v.Name)
	}
	for _, x := range s.Secrets {
		volumes = append(volumes, x.Name)
	}
	for _, x := range s.Config {
		volumes = append(volumes, x.Name)
	}
	for _, p := range view.PortsOf(s).Pods {
		if slices.Contains(ports, p.Name) && p.Name != "" {
			c.Errorf("duplicate-name", at.Join(p.At), "rename one of them: Services and network policies refer to ports by name", "another container of the pod has a port named %s", p.Name)
		}
		ports = append(ports, p.Name)
	}
	for _, x := range part.Containers(at, s) {
		for _, m := range x.Spec.Mounts {
			c.Known("unknown-volume", "volume", x.Path.Field("mounts").Key(m.MountPath).Field("volume"), m.Volume, volumes)
		}
	}
}

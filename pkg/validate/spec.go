package validate

import (
	"slices"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// Target returns the findings about a target, in which nothing is left to inherit.
// At is the path of the app's own layer in the fleet.
func Target(at fieldpath.Path, t *view.Target, set *feature.Set, positions finding.Positions) finding.List {
	c, s := &checker{Report: &feature.Report{Positions: positions}, set: set}, &t.Spec
	c.secretUse(at, s)
	if s.Kind != model.NoWorkload {
		c.complete(at, s)
		c.referred(at, s)
	}
	c.accountRules(at.Field("serviceAccount"), s.ServiceAccount)
	if p := s.PodSecurity; p != nil && (p.Level == "" || p.Reason == "") {
		c.Errorf("missing-value", at.Field("podSecurity"), "add level and reason", "a pod security level needs a reason, so that it can be reviewed")
	}
	c.resolvedHooks(at, s)
	c.healed(at, s)
	c.served(at, s)
	set.CheckTarget(c.Report, at, t)
	return c.List.Sort()
}

// accountRules checks that the rules of an account are somebody's. An app that runs
// something always has an account.
func (c *checker) accountRules(at fieldpath.Path, a *model.ServiceAccount) {
	if a != nil && len(a.Rules) > 0 && a.Name == "" {
		c.Warnf("unused-rules", at.Field("rules"), "set serviceAccount.name, set serviceAccount.create: true, or remove the rules",
			"an app that has only objects has no service account, so the rules are not written")
	}
}

// complete checks that what has no default is there.
func (c *checker) complete(at fieldpath.Path, s *model.AppSpec) {
	names := map[string]bool{}
	for _, x := range containers(at, s) {
		c.Unique(names, x.path, x.name)
		if x.spec.Image == "" {
			c.Errorf("missing-image", x.path.Field("image"), "add an image", "the container %s has no image", x.name)
		}
		for _, p := range x.spec.Ports {
			if p.Port == 0 {
				c.Errorf("missing-value", x.path.Field("ports").Key(p.Name).Field("port"), "add the port's number", "the port has no number")
			}
		}
	}
	if s.Kind == model.CronJob && (s.Schedule == nil || s.Schedule.Cron == "") {
		c.Errorf("missing-value", at.Field("schedule").Field("cron"), "add a schedule such as 15 3 * * *", "a CronJob has no schedule")
	}
	if s.Kind == model.Job {
		c.runsAgain(at, s)
	}
	for _, v := range s.Volumes {
		below := at.Field("volumes").Key(v.Name)
		if v.Claim == nil && v.ExistingClaim == "" && v.EmptyDir == nil && v.Secret == nil && v.ConfigMap == nil &&
			v.Projected == nil && v.HostPath == nil && v.CSI == nil && v.NFS == nil {
			c.Errorf("missing-value", below, "add one, such as emptyDir: {}", "the volume has no source")
		}
		if v.Claim != nil && v.Claim.Size.IsZero() {
			c.Errorf("missing-value", below.Field("claim").Field("size"), "add a size such as 10Gi", "the claim has no size")
		}
	}
}

// runsAgain finds what makes Argo CD run a Job again that did not change.
func (c *checker) runsAgain(at fieldpath.Path, s *model.AppSpec) {
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
func (c *checker) referred(at fieldpath.Path, s *model.AppSpec) {
	var volumes, configs, ports []string
	for _, v := range s.Volumes {
		volumes = append(volumes, v.Name)
	}
	data := map[string][]string{}
	for _, x := range s.Secrets {
		volumes = append(volumes, x.Name)
	}
	for _, x := range s.Config {
		volumes, configs = append(volumes, x.Name), append(configs, x.Name)
		data[x.Name] = feature.SortedKeys(x.Data)
	}
	for _, p := range view.PortsOf(s).Pods {
		if slices.Contains(ports, p.Name) && p.Name != "" {
			c.Errorf("duplicate-name", at.Join(p.At), "rename one of them: Services and network policies refer to ports by name", "another container of the pod has a port named %s", p.Name)
		}
		ports = append(ports, p.Name)
	}
	if s.Service != nil && feature.IsTrue(s.Service.Enabled) {
		for i, p := range s.Service.Ports {
			c.Known("unknown-port", "port", at.Field("service").Field("ports").Index(i), p, ports)
		}
	}
	for _, x := range containers(at, s) {
		for _, m := range x.spec.Mounts {
			c.Known("unknown-volume", "volume", x.path.Field("mounts").Key(m.MountPath).Field("volume"), m.Volume, volumes)
		}
		for _, e := range x.spec.Env {
			ref, below := e.FromConfig, x.path.Field("env").Key(e.Name).Field("fromConfig")
			if ref != nil && c.Known("unknown-config", "config", below.Field("name"), ref.Name, configs) && (ref.Optional == nil || !*ref.Optional) {
				c.Known("unknown-config", "key of config "+ref.Name, below.Field("key"), ref.Key, data[ref.Name])
			}
		}
	}
	for _, x := range s.Services {
		for i, p := range x.Ports {
			c.Known("unknown-port", "port", at.Field("services").Key(x.Name).Field("ports").Index(i), p, ports)
		}
	}
	for i, caller := range s.AcceptsFrom {
		for j, p := range caller.Ports {
			c.Known("unknown-port", "port", feature.EntryAt(at.Field("acceptsFrom"), caller.Name, i).Field("ports").Index(j), p, ports)
		}
	}
}

// placed is a container and where it stands.
type placed struct {
	name string
	path fieldpath.Path
	spec *model.ContainerSpec
}

// containers returns all containers of a spec, the main one first.
func containers(at fieldpath.Path, s *model.AppSpec) []placed {
	out := []placed{{s.ContainerName, at, &s.ContainerSpec}}
	for _, list := range []struct {
		field string
		of    []model.Container
	}{{"initContainers", s.InitContainers}, {"sidecars", s.Sidecars}, {"containers", s.Containers}} {
		for i := range list.of {
			x := &list.of[i]
			out = append(out, placed{x.Name, at.Field(list.field).Key(x.Name), &x.ContainerSpec})
		}
	}
	return slices.Clip(out)
}

package workload

import (
	"maps"
	"path"
	"slices"

	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/internal/credential"
	"github.com/gitopsgen/gitopsgen/pkg/internal/imageref"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// checkLayer checks what runs, and its schedule and hooks, in a layer.
func checkLayer(r *feature.Report, at fieldpath.Path, s *model.AppSpec) {
	c := checker{r}
	switch s.Kind {
	case "", model.Deployment, model.StatefulSet, model.DaemonSet, model.Job, model.CronJob, model.NoWorkload:
	default:
		c.Errorf("invalid-value", at.Field("kind"), "use Deployment, StatefulSet, DaemonSet, Job, CronJob or None", "%q is not a workload kind", s.Kind)
	}
	if s.Replicas != nil && *s.Replicas < 0 {
		c.Errorf("invalid-value", at.Field("replicas"), "use 0 or more", "%d is not a valid number of replicas", *s.Replicas)
	}
	if s.ContainerName != "" {
		c.Label(at.Field("containerName"), s.ContainerName, 63)
	}
	if x := s.StatefulSet; x != nil && x.ServiceName != "" && len(validation.IsDNS1035Label(x.ServiceName)) > 0 {
		c.Errorf("invalid-name", at.Field("statefulSet").Field("serviceName"), "use lowercase letters, digits and dashes, and start with a letter", "%q is not a valid name of a Service", x.ServiceName)
	}
	c.container(at, s.ContainerSpec)
	for list, containers := range map[string][]model.Container{"containers": s.Containers, "initContainers": s.InitContainers, "sidecars": s.Sidecars} {
		seen := map[string]bool{}
		for _, x := range containers {
			below := at.Field(list).Key(x.Name)
			c.Label(below.Field("name"), x.Name, 63)
			c.Unique(seen, below, x.Name)
			c.container(below, x.ContainerSpec)
		}
	}
	c.Metadata(at.Field("labels"), s.Labels, true)
	c.Metadata(at.Field("annotations"), s.Annotations, false)
	if s.Pod != nil {
		c.Metadata(at.Field("pod").Field("labels"), s.Pod.Labels, true)
		c.Metadata(at.Field("pod").Field("annotations"), s.Pod.Annotations, false)
	}
	if x := s.Schedule; x != nil {
		if x.Cron != "" && !feature.IsCron(x.Cron) {
			c.Errorf("invalid-value", at.Field("schedule").Field("cron"), "write five fields, as in 15 3 * * *", "%q is not a valid cron schedule", x.Cron)
		}
		switch x.ConcurrencyPolicy {
		case "", "Allow", "Forbid", "Replace":
		default:
			c.Errorf("invalid-value", at.Field("schedule").Field("concurrencyPolicy"), "use Allow, Forbid or Replace", "%q is not a concurrency policy", x.ConcurrencyPolicy)
		}
	}
	c.hooks(at.Field("hooks"), s.Hooks)
}

// checker checks workloads.
type checker struct{ *feature.Report }

// container checks a container's own fields.
func (c checker) container(at fieldpath.Path, s model.ContainerSpec) {
	if s.Image != "" {
		switch r, err := imageref.Parse(s.Image); {
		case err != nil:
			c.Errorf("invalid-image", at.Field("image"), "write it as registry/name:tag or name@sha256:…", "%v", credential.RedactError(s.Image, err))
		case r.Tag == "latest" && r.Digest == "":
			c.Warnf("mutable-image", at.Field("image"), "use a version or a digest", "the tag latest can refer to a different image on every pull")
		case r.Tag == "" && r.Digest == "":
			c.Errorf("invalid-image", at.Field("image"), "add a tag or a digest", "image %q has neither a tag nor a digest, which means latest", s.Image)
		}
	}
	seen := map[string]bool{}
	for _, p := range s.Ports {
		below := at.Field("ports").Key(p.Name)
		c.Unique(seen, below, p.Name)
		if len(validation.IsValidPortName(p.Name)) > 0 {
			c.Errorf("invalid-name", below.Field("name"), "use at most 15 lowercase letters, digits and dashes, at least one of them a letter", "%q is not a valid port name", p.Name)
		}
		for field, n := range map[string]*int32{"servicePort": p.ServicePort, "nodePort": p.NodePort} {
			if n != nil {
				c.Port(below.Field(field), *n)
			}
		}
		if p.Port != 0 {
			c.Port(below.Field("port"), p.Port)
		}
	}
	clear(seen)
	for _, e := range s.Env {
		below := at.Field("env").Key(e.Name)
		c.Unique(seen, below, e.Name)
		if len(validation.IsEnvVarName(e.Name)) > 0 {
			c.Errorf("invalid-name", below.Field("name"), "use printable characters without =", "%q is not a valid name of an environment variable", e.Name)
		}
		c.ExactlyOne(below, "at most one", map[string]bool{"value": e.Value != nil, "fromConfig": e.FromConfig != nil,
			"fromSecret": e.FromSecret != nil, "fromField": e.FromField != "", "fromResource": e.FromResource != ""}, 0)
	}
	for i, p := range s.Writable {
		below := at.Field("writable").Index(i)
		c.MountPath(below, p)
		if p == "" || p == "/" || path.Clean(p) != p {
			c.Errorf("invalid-value", below, "write a clean path such as /tmp", "%q is not a valid path of a directory", p)
		}
	}
	if r := s.Resources; r != nil {
		for _, name := range slices.Sorted(maps.Keys(r.Requests)) {
			request := r.Requests[name]
			if limit, ok := r.Limits[name]; ok && limit.Cmp(request) < 0 {
				c.Errorf("request-above-limit", at.Field("resources").Field("requests").Key(string(name)), "raise the limit or lower the request", "the request for %s, %s, exceeds the limit, %s", name, request.String(), limit.String())
			}
		}
	}
}

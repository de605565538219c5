package helm

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/load"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/source"
)

// Options are the charts of a Renderer.
type Options struct {
	// Local are the charts beside the model by their digests, as load.Result has them.
	Local map[string]load.Chart
	// Archive returns the archive of a chart of a repository, such as that in the
	// cache of package charts. A finding.Wrong has a path below the chart. Default:
	// there are none.
	Archive func(c *model.Chart) ([]byte, error)
	// Locked changes with the archives that Archive returns, as the digest of a lock
	// does.
	Locked string
	// OnRunaway is called where templates go on after a render has ended with an error,
	// since nothing can stop them: it ends the program soon. Default: nothing does.
	OnRunaway func(*BudgetError)
}

// Renderer renders the charts of a fleet, for render.WithCharts. Each chart is read
// once.
type Renderer struct {
	options Options
	mu      sync.Mutex
	read    map[string]func() (*Chart, error)
}

// NewRenderer returns a renderer of some charts.
func NewRenderer(o Options) *Renderer {
	return &Renderer{options: o, read: map[string]func() (*Chart, error){}}
}

// Version implements source.Charts.
func (r *Renderer) Version() string { return "helm " + Version + " " + r.options.Locked }

// Render implements source.Charts.
func (r *Renderer) Render(release source.Release) (*source.Rendered, error) {
	c, err := r.chart(&release.Chart)
	if err != nil {
		return nil, err
	}
	out, err := c.Render(context.Background(), releaseOf(release))
	if err != nil {
		var spent *BudgetError
		if errors.As(err, &spent) && spent.Running && r.options.OnRunaway != nil {
			r.options.OnRunaway(spent)
		}
		return nil, wrong(err)
	}
	rendered := &source.Rendered{Objects: make([]source.ChartObject, len(out.Objects))}
	for i, o := range out.Objects {
		rendered.Objects[i] = chartObject(o)
	}
	return rendered, nil
}

// Inspect implements source.Charts.
func (r *Renderer) Inspect(release source.Release) (*source.Inspected, error) {
	c, err := r.chart(&release.Chart)
	if err != nil {
		return nil, err
	}
	of := releaseOf(release)
	unread, err := c.Unread(context.Background(), of)
	if err != nil {
		return nil, wrong(err)
	}
	varying, err := c.Varying(context.Background(), of)
	if err != nil {
		return nil, wrong(err)
	}
	out := &source.Inspected{}
	for _, u := range unread {
		out.Unread = append(out.Unread, source.UnreadValue(u))
	}
	for _, v := range varying {
		objects := make([]source.VaryingObject, len(v.Objects))
		for i, o := range v.Objects {
			objects[i] = source.VaryingObject{ChartObject: chartObject(o.Object), Fields: o.Fields}
		}
		out.Varying = append(out.Varying, source.Varying{Cause: v.Cause, Construct: v.Construct, Template: v.Template, Line: v.Line, Objects: objects})
	}
	return out, nil
}

// releaseOf returns a release in the words of this package.
func releaseOf(r source.Release) Release {
	return Release{Name: r.Name, Namespace: r.Namespace, KubeVersion: cmp.Or(r.KubernetesVersion, KubeVersion),
		APIVersions: r.APIVersions, Values: r.Chart.Values}
}

func chartObject(o Object) source.ChartObject {
	out := source.ChartObject{Object: o.Object, Template: o.Template, Line: o.Line, IsCRD: o.CRD}
	if o.Hook != nil {
		out.Hook = &source.ChartHook{Events: o.Hook.Events, Weight: o.Hook.Weight, DeletePolicies: o.Hook.DeletePolicies}
	}
	return out
}

// chart returns a chart, which is read where nobody asked for it before.
func (r *Renderer) chart(c *model.Chart) (*Chart, error) {
	key := c.Digest
	if c.Path == "" {
		key = c.Repository + "\x00" + c.Name + "\x00" + c.Version
	}
	r.mu.Lock()
	read := r.read[key]
	if read == nil {
		of := *c
		read = sync.OnceValues(func() (*Chart, error) { return r.load(&of) })
		r.read[key] = read
	}
	r.mu.Unlock()
	return read()
}

// load reads a chart.
func (r *Renderer) load(c *model.Chart) (*Chart, error) {
	if c.Path != "" {
		local, ok := r.options.Local[c.Digest]
		if !ok {
			return nil, finding.AllWrong{{Path: "path", Err: fmt.Errorf("the chart %s was not read", c.Path),
				Fix: "in Go, set the digest of load.ReadChart, and pass what it returns to helm.NewRenderer"}}
		}
		out, err := loadLocal(local)
		if err != nil {
			return nil, finding.AllWrong{{Path: "path", Err: err, Fix: "repair the chart, or name another"}}
		}
		return out, nil
	}
	if r.options.Archive == nil {
		return nil, finding.AllWrong{{Path: "repository", Err: errors.New("the program has no charts of repositories"), Fix: "in Go, set Archive in the options of helm.NewRenderer"}}
	}
	data, err := r.options.Archive(c)
	if w := (*finding.Wrong)(nil); errors.As(err, &w) {
		return nil, finding.AllWrong{w}
	}
	if err != nil {
		return nil, finding.AllWrong{{Path: "name", Err: err, Fix: "run gitopsgen charts fetch"}}
	}
	out, err := Load(data)
	if err != nil {
		return nil, finding.AllWrong{{Path: "name", Err: err, Fix: "use another version of the chart"}}
	}
	return out, nil
}

func loadLocal(c load.Chart) (*Chart, error) {
	if c.Files == nil {
		return Load(c.Archive)
	}
	files := make([]File, len(c.Files))
	for i, f := range c.Files {
		files[i] = File{Name: f.Name, Data: f.Data}
	}
	return LoadFiles(files)
}

// wrong returns why a release does not render, with paths below the chart of a spec.
func wrong(err error) error {
	var values *ValuesError
	if !errors.As(err, &values) {
		return finding.AllWrong{{Err: err, Fix: "change the values of the chart, or its version"}}
	}
	out := make(finding.AllWrong, len(values.Faults))
	for i, f := range values.Faults {
		at := fieldpath.Path("values")
		for _, step := range f.Path {
			at = at.Key(step)
		}
		out[i] = &finding.Wrong{Path: at, Err: errors.New(f.Reason), Fix: "write what values.schema.json of the chart " + f.Chart + " says"}
	}
	return out
}

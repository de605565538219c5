package helm

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"runtime"
	"runtime/metrics"
	"slices"
	"time"

	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"
)

// The bounds of one render.
const (
	maxTime   = time.Minute
	maxOutput = 64 << 20
	// maxGrowth bounds what the process takes while the render lasts, and maxStack how
	// deep templates call each other: Go ends a process at 1 GB of stack.
	maxGrowth = 1 << 30
	maxStack  = 200 << 20
	// A render is watched every period, since nothing else tells what it takes.
	period = 20 * time.Millisecond
)

// Render returns what `helm template --include-crds` prints for a release. Errors are
// an *Error, a *ValuesError, a *BudgetError, or that of ctx; where ctx ends, or with a
// *BudgetError that says so, templates may go on being executed.
func (c *Chart) Render(ctx context.Context, r Release) (*Output, error) {
	if spent := c.spent.Load(); spent != nil {
		return nil, spent
	}
	if err := checkRelease(c.root, r); err != nil {
		return nil, err
	}
	values, err := releaseValues(r.Values)
	if err != nil {
		return nil, err
	}
	caps, err := r.capabilities()
	if err != nil {
		return nil, err
	}
	root := clone(c.root)
	var out *Output
	err = c.watched(ctx, func() error {
		files, err := c.execute(root, r, values, caps)
		if err == nil {
			out, err = c.output(root, files)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// execute returns what each template prints, by its name in the chart.
func (c *Chart) execute(root *chart.Chart, r Release, values map[string]any, caps *chartutil.Capabilities) (map[string]string, error) {
	if err := chartutil.ProcessDependenciesWithMerge(root, values); err != nil {
		return nil, valuesError(err)
	}
	options := chartutil.ReleaseOptions{Name: r.Name, Namespace: r.Namespace, Revision: 1, IsInstall: true}
	// Helm would fetch what a schema refers to.
	const skipSchemas = true
	top, err := chartutil.ToRenderValuesWithSchemaValidation(root, values, options, caps, skipSchemas)
	if err != nil {
		return nil, valuesError(err)
	}
	merged, err := top.Table("Values")
	if err != nil {
		return nil, &Error{Reason: oneLine(err.Error())}
	}
	if err := c.checkSchemas(root, merged); err != nil {
		return nil, err
	}
	if err := fits(root, caps); err != nil {
		return nil, err
	}
	files, err := engine.Engine{}.Render(root, top)
	if err != nil {
		return nil, renderError(err)
	}
	total := 0
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if total += len(files[name]); total > maxOutput {
			return nil, &BudgetError{Template: name, Reason: fmt.Sprintf("the templates print more than %d MiB", maxOutput>>20)}
		}
	}
	return files, nil
}

// watched calls a function that nothing can interrupt, and returns without it when it
// went past what a render may take.
func (c *Chart) watched(ctx context.Context, f func() error) error {
	within, cancel := context.WithTimeout(ctx, maxTime)
	defer cancel()
	done := make(chan error, 1)
	before := taken()
	go func() {
		defer func() {
			if r := recover(); r != nil {
				done <- &Error{Reason: oneLine(fmt.Sprint("rendering failed: ", r))}
			}
		}()
		done <- f()
	}()
	tick := time.NewTicker(period)
	defer tick.Stop()
	for {
		select {
		case err := <-done:
			return err
		case <-within.Done():
			if ctx.Err() != nil && !errors.Is(ctx.Err(), context.DeadlineExceeded) {
				return ctx.Err()
			}
			return c.exceeded("the templates of " + quote(c.root.Name()) + " take too long")
		case <-tick.C:
			now := taken()
			if now.stack > before.stack+maxStack {
				return c.exceeded("the templates of " + quote(c.root.Name()) + " call each other too deeply")
			}
			if now.heap <= before.heap+maxGrowth {
				continue
			}
			if now.heap < before.heap+3*maxGrowth {
				runtime.GC() // others may have left garbage
				now = taken()
			}
			if now.heap > before.heap+maxGrowth {
				return c.exceeded(fmt.Sprintf("the templates of %s take more than %d GiB of memory", quote(c.root.Name()), maxGrowth>>30))
			}
		}
	}
}

// exceeded returns the error of a render that goes on, and lets no other begin.
func (c *Chart) exceeded(reason string) error {
	c.spent.CompareAndSwap(nil, &BudgetError{Reason: reason, Running: true})
	return c.spent.Load()
}

// usage is what the process takes, in bytes.
type usage struct{ heap, stack uint64 }

func taken() usage {
	samples := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}, {Name: "/memory/classes/heap/stacks:bytes"}}
	metrics.Read(samples)
	return usage{heap: samples[0].Value.Uint64(), stack: samples[1].Value.Uint64()}
}

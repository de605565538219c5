package cli

import (
	"context"
	"sync/atomic"

	"github.com/gitopsgen/gitopsgen/pkg/charts"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/source"
	"github.com/gitopsgen/gitopsgen/pkg/source/helm"
)

// chartSource renders the charts of the fleet that was loaded last: the features of the
// program are known before.
type chartSource struct {
	of atomic.Pointer[helm.Renderer]
	// end ends the command.
	end context.CancelCauseFunc
}

// runaway ends the command, since nothing else stops templates that go on and on.
func (c *chartSource) runaway(err *helm.BudgetError) { c.end(err) }

func (c *chartSource) renderer() *helm.Renderer {
	if r := c.of.Load(); r != nil {
		return r
	}
	return helm.NewRenderer(helm.Options{})
}

// Render implements source.Charts.
func (c *chartSource) Render(r source.Release) (*source.Rendered, error) {
	return c.renderer().Render(r)
}

// Inspect implements source.Charts.
func (c *chartSource) Inspect(r source.Release) (*source.Inspected, error) {
	return c.renderer().Inspect(r)
}

// Version implements source.Charts.
func (c *chartSource) Version() string { return c.renderer().Version() }

// findCharts lets charts of what was loaded be rendered: those beside the model, and
// those of repositories that charts.lock names, from the vendor directory or the cache.
func (a *app) findCharts(in input, l *loaded) error {
	options := helm.Options{Local: l.Charts, OnRunaway: a.charts.runaway}
	if len(in.files) > 0 {
		store, err := charts.Open(modelDir(in), chartCache(in.cacheDir))
		if err != nil {
			return err
		}
		lock, err := store.Lock.Bytes()
		if err != nil {
			return err
		}
		options.Locked = charts.Digest(lock)
		options.Archive = func(c *model.Chart) ([]byte, error) {
			archive, err := store.Archive(charts.Ref{Repository: c.Repository, Name: c.Name, Version: c.Version})
			if err != nil {
				return nil, err
			}
			return archive.Data, nil
		}
	}
	a.charts.of.Store(helm.NewRenderer(options))
	return nil
}

// chartCache returns the directory below which the archives of charts are cached, or "".
func chartCache(flag string) string {
	if flag == "none" {
		return ""
	}
	return cacheDir(flag)
}

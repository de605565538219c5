package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/gitopsgen/gitopsgen/pkg/charts"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/finding"
	"github.com/gitopsgen/gitopsgen/pkg/load"
	"github.com/gitopsgen/gitopsgen/pkg/resolve"
	"github.com/gitopsgen/gitopsgen/pkg/validate"
)

// chartUse is a chart that the fleet names, and who uses it.
type chartUse struct {
	charts.Ref
	// at is where the first of the apps names it.
	at   finding.Position
	apps []usingApp
}

// usingApp is an app that uses a chart, in some environments.
type usingApp struct {
	App          string   `json:"app"`
	Environments []string `json:"environments"`
}

// fleetCharts returns the charts that the fleet names by repository, sorted, and their
// store. Nothing is rendered for it.
func (a *app) fleetCharts(in input) ([]*chartUse, *charts.Store, error) {
	l := &loaded{Fleet: a.Fleet}
	if len(in.files) > 0 || a.Fleet == nil {
		files, err := a.readAll(in)
		if err != nil {
			return nil, nil, err
		}
		if l, err = (load.Loader{Base: a.Fleet, Settings: a.features.Settings()}).Fleet(files...); err != nil {
			return nil, nil, err
		}
	}
	if err := validate.Fleet(l.Fleet, a.features, l.Positions).Err(); err != nil {
		return nil, nil, err
	}
	store, err := charts.Open(modelDir(in), chartCache(in.cacheDir))
	if err != nil {
		return nil, nil, err
	}
	return chartUses(resolve.New(l.Fleet, a.features), l.Positions), store, nil
}

// chartUses returns the charts that the apps of a fleet name by repository.
func chartUses(r *resolve.Resolver, positions finding.Positions) []*chartUse {
	var out []*chartUse
	for _, app := range r.Apps() {
		for _, s := range r.Scopes(app) {
			c := r.Target(app, s).Spec.Chart
			if s.Environment == "" || c == nil || c.Repository == "" {
				continue
			}
			ref := charts.Ref{Repository: strings.TrimRight(c.Repository, "/"), Name: c.Name, Version: c.Version}
			i := slices.IndexFunc(out, func(u *chartUse) bool { return u.Ref == ref })
			if i < 0 {
				i = len(out)
				out = append(out, &chartUse{Ref: ref, at: positions.At(fieldpath.Path("apps").Key(app).Field("spec").Field("chart").Field("version"))})
			}
			out[i].add(app, s.Environment)
		}
	}
	slices.SortFunc(out, func(a, b *chartUse) int { return strings.Compare(a.String(), b.String()) })
	return out
}

// add notes who uses the chart.
func (u *chartUse) add(app, env string) {
	if n := len(u.apps); n == 0 || u.apps[n-1].App != app {
		u.apps = append(u.apps, usingApp{App: app})
	}
	last := &u.apps[len(u.apps)-1]
	if !slices.Contains(last.Environments, env) {
		last.Environments = append(last.Environments, env)
	}
}

func refsOf(uses []*chartUse) []charts.Ref {
	out := make([]charts.Ref, len(uses))
	for i, u := range uses {
		out[i] = u.Ref
	}
	return out
}

// atOnce is how many charts are fetched at once.
const atOnce = 4

// eachChart calls do for each chart, several at once, and returns what went wrong, each
// in a line with the place in the model.
func (a *app) eachChart(ctx context.Context, uses []*chartUse, do func(i int, u *chartUse) error) error {
	p, end := a.begin(ctx, "fetching charts")
	defer end()
	errs := make([]error, len(uses))
	done, free := make(chan struct{}, len(uses)), make(chan struct{}, atOnce)
	var all sync.WaitGroup
	for i, u := range uses {
		all.Go(func() {
			free <- struct{}{}
			defer func() { <-free }()
			errs[i] = do(i, u)
			done <- struct{}{}
			p.set(state{phase: "fetching charts", done: len(done), total: len(uses), what: "charts"})
		})
	}
	all.Wait()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	for i, err := range errs {
		var w *finding.Wrong
		if errors.As(err, &w) {
			errs[i] = errors.New(oneLine(w))
		}
		if at := uses[i].at.String(); err != nil && at != "" {
			errs[i] = fmt.Errorf("%s: %w", at, errs[i])
		}
	}
	return errors.Join(errs...)
}

// chartsUpdate locks charts: those of some names, or all.
func (a *app) chartsUpdate(ctx context.Context, in input, flags chartFlags, only []string) error {
	uses, store, err := a.fleetCharts(in)
	if err != nil {
		return err
	}
	if err := known(only, uses); err != nil {
		return err
	}
	f, err := a.fetcher(store, flags)
	if err != nil {
		return err
	}
	todo := slices.DeleteFunc(slices.Clone(uses), func(u *chartUse) bool { return len(only) > 0 && !contains(only, u.Name) })
	entries := make([]charts.Entry, len(todo))
	err = a.eachChart(ctx, todo, func(i int, u *chartUse) error {
		archive, err := f.Resolve(ctx, u.Ref)
		if err != nil {
			return err
		}
		entries[i] = archive.Entry
		if old, ok := store.Lock.Find(u.Ref); ok && old.Version == archive.Version && old.Digest != archive.Digest && len(only) == 0 {
			return charts.Changed(old, archive.Digest)
		}
		return nil
	})
	if err != nil {
		return err
	}
	var lines []string
	for _, e := range entries {
		if line := lockChange(store.Lock, e); line != "" {
			lines = append(lines, line)
		}
		store.Lock.Put(e)
	}
	if len(only) == 0 {
		for _, e := range store.Lock.Retain(refsOf(uses)) {
			lines = append(lines, "- "+e.Ref().String())
		}
	}
	return a.saveLock(store, lines, uses)
}

// known checks that charts are named by the names of some.
func known(only []string, uses []*chartUse) error {
	var names []string
	for _, u := range uses {
		names = append(names, u.Name)
	}
	slices.Sort(names)
	for _, name := range only {
		if !contains(names, name) {
			return fmt.Errorf("no app uses a chart %s of a repository (%s)", name, finding.Choose(name, slices.Compact(names)))
		}
	}
	return nil
}

// lockChange says how an entry changes the lock, or nothing.
func lockChange(l *charts.Lock, e charts.Entry) string {
	old, ok := l.Find(e.Ref())
	what := e.Ref().String() + ": "
	switch {
	case !ok && e.Requested != "":
		return "+ " + what + e.Version
	case !ok:
		return "+ " + e.Ref().String()
	case old.Version != e.Version:
		return "~ " + what + old.Version + " -> " + e.Version
	case old.Digest != e.Digest:
		return "~ " + what + "another archive: " + old.Digest + " -> " + e.Digest
	case old.Manifest != e.Manifest:
		return "~ " + what + "another manifest: " + old.Manifest + " -> " + e.Manifest
	}
	return ""
}

// saveLock writes the lock, and says what changed.
func (a *app) saveLock(store *charts.Store, lines []string, uses []*chartUse) error {
	if err := store.Save(); err != nil {
		return fmt.Errorf("writing the lock of the charts: %w", err)
	}
	for _, line := range lines {
		a.Out.Printf("%s\n", line)
	}
	unlocked, outside := 0, false
	for _, u := range uses {
		if _, ok := store.Lock.Find(u.Ref); !ok {
			unlocked++
		}
	}
	for _, e := range store.Lock.Entries {
		outside = outside || store.State(e) != charts.StateVendored
	}
	a.report("%s: %s locked, %d changed\n", charts.LockFile, finding.Count(len(store.Lock.Entries), "chart"), len(lines))
	if unlocked > 0 {
		a.report("%s not locked yet: run gitopsgen charts update without the names of charts\n", finding.Count(unlocked, "chart"))
	}
	if outside && store.Vendors() {
		a.report("%s/ is not up to date: run gitopsgen charts vendor\n", charts.VendorDir)
	}
	return nil
}

// chartsFetch fetches what is locked.
func (a *app) chartsFetch(ctx context.Context, in input, flags chartFlags) error {
	uses, store, err := a.fleetCharts(in)
	if err != nil {
		return err
	}
	fetched, err := a.fetchMissing(ctx, store, uses, flags)
	if err != nil {
		return err
	}
	a.report("%s: fetched %d\n", finding.Count(len(uses), "chart"), fetched)
	return nil
}

// fetchMissing fetches the charts that are neither vendored nor in the cache, and
// returns their number.
func (a *app) fetchMissing(ctx context.Context, store *charts.Store, uses []*chartUse, flags chartFlags) (int, error) {
	f, err := a.fetcher(store, flags)
	if err != nil {
		return 0, err
	}
	missing := slices.DeleteFunc(slices.Clone(uses), func(u *chartUse) bool {
		_, err := store.Archive(u.Ref)
		return err == nil
	})
	if len(missing) == 0 {
		return 0, nil
	}
	return len(missing), a.eachChart(ctx, missing, func(_ int, u *chartUse) error {
		_, err := store.Archive(u.Ref)
		if e, ok := store.Lock.Find(u.Ref); ok && errors.Is(err, charts.ErrMissing) {
			_, err = f.Fetch(ctx, e)
		}
		return err
	})
}

// fetchFirst fetches the charts of a fleet, where the flag says so.
func (a *app) fetchFirst(ctx context.Context, in input) error {
	if !in.fetch {
		return nil
	}
	uses, store, err := a.fleetCharts(in)
	if err != nil {
		return err
	}
	_, err = a.fetchMissing(ctx, store, uses, chartFlags{caFile: a.Getenv(twinOf("ca-file")), timeout: defaultChartTimeout})
	return err
}

// chartsVerify reports what is wrong with the lock and the archives.
func (a *app) chartsVerify(in input) error {
	uses, store, err := a.fleetCharts(in)
	if err != nil {
		return err
	}
	found, err := store.Verify(refsOf(uses))
	if err != nil {
		return err
	}
	for _, w := range found {
		a.Out.Printf("%s\n", oneLine(w))
	}
	a.report("%s: %s\n", finding.Count(len(uses), "chart"), finding.Count(len(found), "finding"))
	if len(found) > 0 {
		return errDifferences
	}
	return nil
}

// chartsVendor writes the archives beside the model.
func (a *app) chartsVendor(ctx context.Context, in input, flags chartFlags) error {
	uses, store, err := a.fleetCharts(in)
	if err != nil {
		return err
	}
	if _, err := a.fetchMissing(ctx, store, uses, flags); err != nil {
		return err
	}
	done, err := store.Vendor()
	var w *finding.Wrong
	if errors.As(err, &w) {
		return errors.New(oneLine(w))
	}
	if err != nil {
		return err
	}
	for _, name := range done.Written {
		a.Out.Printf("+ %s\n", name)
	}
	for _, name := range done.Deleted {
		a.Out.Printf("- %s\n", name)
	}
	for _, name := range done.Kept {
		a.Out.Printf("%s was not written by charts vendor, or was changed: it is left as it is (move it away)\n", name)
	}
	a.report("%s: wrote %d, deleted %d\n", finding.Count(done.Total, "archive"), len(done.Written), len(done.Deleted))
	if len(done.Kept) > 0 {
		return errDifferences
	}
	return nil
}

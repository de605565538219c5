package promql

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/rulefmt"
	engine "github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
	"github.com/prometheus/prometheus/tsdb/chunks"
	"github.com/prometheus/prometheus/util/annotations"
)

// prometheus evaluates rules, and keeps all series in memory.
type prometheus struct {
	engine *engine.Engine
	series map[string]*series
}

type series struct {
	labels  labels.Labels
	samples []chunks.Sample
}

// sample is a value at a time in milliseconds.
type sample struct {
	at    int64
	value float64
}

func (s sample) T() int64                      { return s.at }
func (s sample) F() float64                    { return s.value }
func (s sample) H() *histogram.Histogram       { return nil }
func (s sample) FH() *histogram.FloatHistogram { return nil }
func (s sample) Type() chunkenc.ValueType      { return chunkenc.ValFloat }
func (s sample) Copy() chunks.Sample           { return s }

func newPrometheus() *prometheus {
	return &prometheus{series: map[string]*series{},
		engine: engine.NewEngine(engine.EngineOpts{MaxSamples: 50_000_000, Timeout: time.Minute, LookbackDelta: 5 * time.Minute})}
}

// add adds a sample to a series, which is later than those before.
func (p *prometheus) add(l labels.Labels, at time.Time, value float64) {
	key := l.String()
	if p.series[key] == nil {
		p.series[key] = &series{labels: l}
	}
	s := p.series[key]
	s.samples = append(s.samples, sample{at.UnixMilli(), value})
}

// query returns what an expression is at a time.
func (p *prometheus) query(t *testing.T, expr string, at time.Time) engine.Vector {
	t.Helper()
	q, err := p.engine.NewInstantQuery(t.Context(), p, nil, expr, at)
	if err != nil {
		t.Fatalf("%s: %v", expr, err)
	}
	defer q.Close()
	result := q.Exec(t.Context())
	if result.Err != nil {
		t.Fatalf("%s: %v", expr, result.Err)
	}
	v, err := result.Vector()
	if err != nil {
		t.Fatalf("%s: %v", expr, err)
	}
	return slices.Clone(v)
}

// evaluate records the rules of a group at a time, and returns the alerts that
// fire, as SEVERITY LONG.
func (p *prometheus) evaluate(t *testing.T, g rulefmt.RuleGroup, at time.Time) []string {
	t.Helper()
	var firing []string
	for _, r := range g.Rules {
		v := p.query(t, r.Expr, at)
		for _, s := range v {
			if r.Record != "" {
				b := labels.NewBuilder(s.Metric).Set(labels.MetricName, r.Record)
				for name, value := range r.Labels {
					b.Set(name, value)
				}
				p.add(b.Labels(), at, s.F)
			}
		}
		if r.Alert != "" && len(v) > 0 {
			firing = append(firing, fmt.Sprint(r.Labels["severity"], " ", r.Labels["long"]))
		}
	}
	return firing
}

// Querier returns all series.
func (p *prometheus) Querier(int64, int64) (storage.Querier, error) { return querier{p}, nil }

type querier struct{ *prometheus }

func (q querier) Select(_ context.Context, _ bool, _ *storage.SelectHints, matchers ...*labels.Matcher) storage.SeriesSet {
	var found found
	for _, s := range q.series {
		if !slices.ContainsFunc(matchers, func(m *labels.Matcher) bool { return !m.Matches(s.labels.Get(m.Name)) }) {
			found.list = append(found.list, storage.NewListSeries(s.labels, s.samples))
		}
	}
	slices.SortFunc(found.list, func(a, b storage.Series) int { return labels.Compare(a.Labels(), b.Labels()) })
	return &found
}

func (querier) LabelValues(context.Context, string, *storage.LabelHints, ...*labels.Matcher) ([]string, annotations.Annotations, error) {
	return nil, nil, nil
}

func (querier) LabelNames(context.Context, *storage.LabelHints, ...*labels.Matcher) ([]string, annotations.Annotations, error) {
	return nil, nil, nil
}

func (querier) Close() error { return nil }

// found is a set of series; next is the number of those that were taken.
type found struct {
	list []storage.Series
	next int
}

func (f *found) Next() bool                        { f.next++; return f.next <= len(f.list) }
func (f *found) At() storage.Series                { return f.list[f.next-1] }
func (f *found) Err() error                        { return nil }
func (f *found) Warnings() annotations.Annotations { return nil }

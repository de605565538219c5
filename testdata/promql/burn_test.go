package promql

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/prometheus/model/labels"
)

var epoch = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// step is the time between two scrapes, and between two evaluations.
const step = time.Minute

// app is what an app counts: a thousand requests a minute, of which a share fails.
type app struct {
	ok, failed labels.Labels
	// share is the share of requests that fail, by time since the epoch.
	share func(time.Duration) float64
	// quiet tells that nothing fails before the first error, nor is counted.
	quiet bool
}

// web is the app web of the fleet, in prod.
func web(share func(time.Duration) float64) app {
	of := func(code string) labels.Labels {
		return labels.FromStrings("__name__", "http_requests_total", "namespace", "shop-prod", "job", "web", "handler", "/api", "code", code)
	}
	return app{ok: of("200"), failed: of("503"), share: share}
}

// scrape adds the samples of an app until a time since the epoch.
func (p *prometheus) scrape(a app, until time.Duration) {
	var ok, failed float64
	for d := time.Duration(0); d <= until; d += step {
		share := a.share(d)
		ok, failed = ok+1000*(1-share), failed+1000*share
		p.add(a.ok, epoch.Add(d), ok)
		if failed > 0 || !a.quiet {
			p.add(a.failed, epoch.Add(d), failed)
		}
	}
}

// always is the same share at all times.
func always(share float64) func(time.Duration) float64 {
	return func(time.Duration) float64 { return share }
}

const (
	history = 73 * time.Hour
	day     = 24 * time.Hour
)

// TestSteady lets a share of the requests fail for three days, and asks which
// alerts fire for an objective of 99.9.
func TestSteady(t *testing.T) {
	group := rules(t)["prod web-availability"]
	pages, tickets := []string{"critical 1h", "critical 6h"}, []string{"warning 1d", "warning 3d"}
	for name, tc := range map[string]struct {
		reason string
		share  float64
		want   []string
		left   float64
	}{
		"Nothing":  {"Nothing fails.", 0, nil, 1},
		"Half":     {"Half of the budget is spent.", 0.0005, nil, 0.5},
		"Almost":   {"Almost all of it is.", 0.00099, nil, 0.01},
		"Twice":    {"The budget lasts for 15 days.", 0.002, tickets[1:], -1},
		"Fivefold": {"It lasts for 6 days.", 0.005, tickets, -4},
		"Eight":    {"It lasts for less than 4 days.", 0.008, append(pages[1:], tickets...), -7},
		"Twenty":   {"It lasts for a day and a half.", 0.02, slices.Concat(pages, tickets), -19},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPrometheus()
			p.scrape(web(always(tc.share)), history)
			at := epoch.Add(history)
			if diff := cmp.Diff(tc.want, p.evaluate(t, group, at)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
			left := p.query(t, "app:slo_error_budget:remaining_ratio", at)
			if len(left) != 1 || math.Abs(left[0].F-tc.left) > 1e-3 {
				t.Errorf("%s: the budget that is left is %v, want %v", tc.reason, left, tc.left)
			}
		})
	}
}

// TestOutage lets everything fail for a while, after three days without errors, and
// asks when somebody is paged and when that ends.
func TestOutage(t *testing.T) {
	group := rules(t)["prod web-availability"]
	for name, tc := range map[string]struct {
		reason     string
		length     time.Duration
		share      float64
		quiet      bool
		from, till time.Duration // of the first page, since the outage began; 0 for none
	}{
		"Short":   {reason: "An outage of 100 % for 5 minutes pages within 2 minutes, and no longer than the short window lasts.", length: 5 * time.Minute, share: 1, from: 2 * time.Minute, till: 11 * time.Minute},
		"First":   {reason: "The first errors ever count.", length: 5 * time.Minute, share: 1, quiet: true, from: 3 * time.Minute, till: 11 * time.Minute},
		"Partial": {reason: "A tenth of that takes longer.", length: 30 * time.Minute, share: 0.1, from: 10 * time.Minute, till: 36 * time.Minute},
		"Blip":    {reason: "Less than a minute of errors pages nobody.", length: time.Minute, share: 0.7},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPrometheus()
			a := web(func(d time.Duration) float64 {
				if d >= history && d < history+tc.length {
					return tc.share
				}
				return 0
			})
			a.quiet = tc.quiet
			p.scrape(a, history+time.Hour)
			var from, till time.Duration
			for d := -step; d <= time.Hour; d += step {
				if slices.Contains(p.evaluate(t, group, epoch.Add(history+d)), "critical 1h") {
					if from == 0 {
						from = d
					}
					till = d
				}
			}
			if (from == 0) != (tc.from == 0) || from > tc.from || till > tc.till {
				t.Errorf("%s: paged from %s to %s, want from %s at the latest to %s", tc.reason, from, till, tc.from, tc.till)
			}
		})
	}
}

// TestIndicators lets requests fail that each indicator counts, and some that it
// does not, and asks for the recorded ratio.
func TestIndicators(t *testing.T) {
	type counter struct {
		name   string
		labels []string
		rate   float64 // for each minute
	}
	groups := rules(t)
	for name, tc := range map[string]struct {
		reason, group string
		counters      []counter
		want          float64
	}{
		"HTTP": {"Codes of 500 and more are errors of the app, of this namespace and path.", "prod web-availability", []counter{
			{"http_requests_total", []string{"namespace", "shop-prod", "job", "web", "handler", "/api", "code", "200"}, 96},
			{"http_requests_total", []string{"namespace", "shop-prod", "job", "web", "handler", "/api", "code", "404"}, 2},
			{"http_requests_total", []string{"namespace", "shop-prod", "job", "web", "handler", "/api", "code", "500"}, 1},
			{"http_requests_total", []string{"namespace", "shop-prod", "job", "web", "handler", "/api", "code", "503"}, 1},
			{"http_requests_total", []string{"namespace", "shop-prod", "job", "web", "handler", "/health", "code", "503"}, 50},
			{"http_requests_total", []string{"namespace", "shop-dev", "job", "web", "handler", "/api", "code", "503"}, 50},
		}, 0.02},
		"GRPC": {"Codes that are the server's fault are errors.", "prod cart-availability", []counter{
			{"grpc_server_handled_total", []string{"namespace", "shop-prod", "job", "shop-prod/cart", "grpc_code", "OK"}, 90},
			{"grpc_server_handled_total", []string{"namespace", "shop-prod", "job", "shop-prod/cart", "grpc_code", "NotFound"}, 5},
			{"grpc_server_handled_total", []string{"namespace", "shop-prod", "job", "shop-prod/cart", "grpc_code", "Internal"}, 5},
		}, 0.05},
		"Good": {"What is not good is an error.", "prod web-latency", []counter{
			{"http_request_duration_seconds_bucket", []string{"namespace", "shop-prod", "le", "0.3"}, 80},
			{"http_request_duration_seconds_bucket", []string{"namespace", "shop-prod", "le", "+Inf"}, 100},
			{"http_request_duration_seconds_count", []string{"namespace", "shop-prod"}, 100},
			{"http_request_duration_seconds_count", []string{"namespace", "shop-dev"}, 100},
		}, 0.2},
		"Errors": {"Errors of all series are added up.", "dev web-calls", []counter{
			{"calls_failed_total", []string{"pod", "a"}, 1}, {"calls_failed_total", []string{"pod", "b"}, 2},
			{"calls_total", []string{"pod", "a"}, 10}, {"calls_total", []string{"pod", "b"}, 20},
		}, 0.1},
		"Mesh": {"A mesh counts under its own labels.", "prod legacy-availability", []counter{
			{"istio_requests_total", []string{"destination_workload", "legacy", "reporter", "destination", "response_code", "200"}, 3},
			{"istio_requests_total", []string{"destination_workload", "legacy", "reporter", "destination", "response_code", "502"}, 1},
			{"istio_requests_total", []string{"destination_workload", "legacy", "reporter", "source", "response_code", "502"}, 4},
		}, 0.25},
		"NoErrors": {"Without errors, the ratio is 0 and not absent.", "prod web-availability", []counter{
			{"http_requests_total", []string{"namespace", "shop-prod", "job", "web", "handler", "/api", "code", "200"}, 9},
		}, 0},
		"Absent": {"Without events, there is no ratio.", "prod web-availability", nil, -1},
		"Idle": {"Without new events, there is none either.", "prod web-availability", []counter{
			{"http_requests_total", []string{"namespace", "shop-prod", "job", "web", "handler", "/api", "code", "200"}, 0},
		}, -1},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPrometheus()
			for _, c := range tc.counters {
				for d := time.Duration(0); d <= day; d += step {
					p.add(labels.FromStrings(append([]string{"__name__", c.name}, c.labels...)...), epoch.Add(d), c.rate*d.Minutes())
				}
			}
			at := epoch.Add(day)
			p.evaluate(t, groups[tc.group], at)
			for _, window := range []string{"5m", "30m", "1h", "2h", "6h", "1d", "3d"} {
				got := p.query(t, "app:slo_errors:ratio_rate"+window, at)
				switch {
				case tc.want < 0 && len(got) > 0:
					t.Errorf("%s: over %s, the ratio is %v, want none", tc.reason, window, got)
				case tc.want >= 0 && (len(got) != 1 || math.Abs(got[0].F-tc.want) > 1e-6):
					t.Errorf("%s: over %s, the ratio is %v, want %v", tc.reason, window, got, tc.want)
				}
			}
		})
	}
}

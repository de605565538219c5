package monitoring

import (
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gitopsgen/gitopsgen/pkg/feature/part"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// burn is a pair of windows over which errors are compared with the budget.
type burn struct {
	// rate is how much faster than allowed the budget is spent.
	rate string
	// long tells that the budget is really being spent, short that it still is.
	long, short string
	page        bool
}

// burns are the alerts that the Site Reliability Workbook recommends, in chapter
// 5, and the pair of 1d and 2h that its text derives in the same way.
var burns = []burn{
	{"14.4", "1h", "5m", true},
	{"6", "6h", "30m", true},
	{"3", "1d", "2h", false},
	{"1", "3d", "6h", false},
}

// windows are those of burns, the shortest first.
var windows = []string{"5m", "30m", "1h", "2h", "6h", "1d", "3d"}

// errorRatio is the name of the recorded ratio of errors over a window.
func errorRatio(window string) string { return "app:slo_errors:ratio_rate" + window }

// objectives makes the PrometheusRule of an app's SLOs. The base has none: rules
// name the namespace. Nor has a preview, which pages nobody.
func objectives(t *view.Target, _ *view.View) ([]object.Object, error) {
	m := t.Spec.Monitoring
	if m == nil || len(m.SLO) == 0 || t.Namespace == "" || t.IsPreview() {
		return nil, nil
	}
	var groups part.List
	for i := range m.SLO {
		s := &m.SLO[i]
		groups = append(groups, part.Map{"name": t.App + "-" + s.Name, "rules": append(recorded(t, s), burning(t, s)...)})
	}
	o, err := part.Custom(apiVersion, "PrometheusRule", meta(t, t.App+"-slo"), part.Map{"groups": groups})
	return []object.Object{o}, err
}

// recorded returns the recording rules of an SLO: the ratio of errors over each
// window, and which part of the budget is left.
func recorded(t *view.Target, s *model.SLO) part.List {
	labels := identity(t, s)
	var out part.List
	for _, w := range windows {
		out = append(out, part.Fields(part.Map{"record": errorRatio(w), "expr": ratio(t, s.Indicator, w), "labels": labels}))
	}
	left := fmt.Sprintf("1 - avg_over_time(%s[%s]) / %s", series(errorRatio("5m"), labels), s.Window, budget(s.Objective))
	return append(out, part.Fields(part.Map{"record": "app:slo_error_budget:remaining_ratio", "expr": left, "labels": labels}))
}

// burning returns the alerts of an SLO.
func burning(t *view.Target, s *model.SLO) part.List {
	labels := identity(t, s)
	var out part.List
	for _, b := range burns {
		severity := t.Spec.Monitoring.Severities.Ticket
		if b.page {
			severity = t.Spec.Monitoring.Severities.Page
		}
		own := map[string]string{"severity": severity, "long": b.long, "short": b.short}
		maps.Copy(own, s.Labels)
		limit := fmt.Sprintf("(%s * %s)", b.rate, budget(s.Objective))
		out = append(out, part.Fields(part.Map{
			"alert": "ErrorBudgetBurn",
			"expr": series(errorRatio(b.long), labels) + " > " + limit + "\nand\n" +
				series(errorRatio(b.short), labels) + " > " + limit,
			"labels": own,
			"annotations": part.Fields(part.Map{
				"summary": fmt.Sprintf("%s burns the error budget of its SLO %s at a rate of %s or more", t.App, s.Name, b.rate),
				"description": fmt.Sprintf("Over %s, {{ $value | humanizePercentage }} of the events were errors, and the last %s are above the limit too. "+
					"The objective is %s%% over %s; at a burn rate of %s, the error budget is spent in %s.",
					b.long, b.short, s.Objective, s.Window, b.rate, spentIn(s.Window, b.rate)),
				"runbook_url": s.Runbook,
			}),
		}))
	}
	return out
}

// identity are the labels of the recorded series of an SLO.
func identity(t *view.Target, s *model.SLO) map[string]string {
	return map[string]string{"app": t.App, "namespace": t.Namespace, "slo": s.Name}
}

// ratio returns the expression of the share of errors over a window. Without
// errors it is 0 and not absent, and without events it is absent and not NaN.
func ratio(t *view.Target, in model.Indicator, window string) string {
	var some, all, share string
	switch {
	case in.HTTP != nil:
		some, all = counted(t, in.HTTP.Metric, in.HTTP.Labels, in.HTTP.CodeLabel, in.HTTP.Errors)
	case in.GRPC != nil:
		some, all = counted(t, in.GRPC.Metric, in.GRPC.Labels, in.GRPC.CodeLabel, in.GRPC.Errors)
	case in.Ratio != nil:
		some, all = placed(t, in.Ratio.Good+in.Ratio.Errors), placed(t, in.Ratio.Total)
		if in.Ratio.Good != "" {
			share = "1 - "
		}
	}
	return strings.ReplaceAll(share+"(sum("+some+") or vector(0)) / (sum("+all+") > 0)", "$window", window)
}

// counted returns the rate of errors and that of all events of a counter.
func counted(t *view.Target, metric string, labels map[string]string, code, errors string) (some, all string) {
	matchers := map[string]string{"namespace": t.Namespace}
	if scraped(&t.Spec) {
		matchers["job"] = job(t)
	}
	maps.Copy(matchers, labels)
	for _, name := range []string{"namespace", "job"} {
		if matchers[name] == "" {
			delete(matchers, name)
		}
	}
	some = series(metric, matchers, code+"=~"+strconv.Quote(errors))
	return "rate(" + some + "[$window])", "rate(" + series(metric, matchers) + "[$window])"
}

// series returns a selector of the series of a metric, with further matchers
// behind those of labels.
func series(metric string, labels map[string]string, more ...string) string {
	var matchers []string
	for _, name := range slices.Sorted(maps.Keys(labels)) {
		matchers = append(matchers, name+"="+strconv.Quote(labels[name]))
	}
	return metric + "{" + strings.Join(append(matchers, more...), ",") + "}"
}

// placed returns an expression of the user with the app's namespace.
func placed(t *view.Target, expr string) string {
	return strings.ReplaceAll(strings.TrimSpace(expr), "$namespace", t.Namespace)
}

// budget returns the share of events that may be errors, exactly: 0.001 for 99.9.
func budget(objective model.Decimal) string {
	share, ok := percentage(objective)
	if !ok {
		return "0" // refused by a check
	}
	share.Quo(share.Sub(big.NewRat(100, 1), share), big.NewRat(100, 1))
	digits, _ := share.FloatPrec()
	return share.FloatString(digits)
}

// percentage reads an objective, which is more than 0 and less than 100.
func percentage(d model.Decimal) (*big.Rat, bool) {
	if !decimal.MatchString(string(d)) {
		return nil, false
	}
	r, ok := new(big.Rat).SetString(string(d))
	return r, ok && r.Sign() > 0 && r.Cmp(big.NewRat(100, 1)) < 0
}

// spentIn returns how long the budget of a window lasts at a burn rate, in days and
// hours.
func spentIn(window, rate string) string {
	times, _ := new(big.Rat).SetString(rate)
	length, _ := duration(window)
	hours := new(big.Rat).Quo(big.NewRat(int64(length/time.Hour), 1), times)
	n, _ := strconv.Atoi(hours.FloatString(0))
	switch {
	case n%24 == 0:
		return strconv.Itoa(n/24) + "d"
	case n < 24:
		return strconv.Itoa(n) + "h"
	}
	return strconv.Itoa(n/24) + "d" + strconv.Itoa(n%24) + "h"
}

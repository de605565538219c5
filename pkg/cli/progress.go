package cli

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"

	"github.com/gitopsgen/gitopsgen/pkg/gitrepo"
	"github.com/gitopsgen/gitopsgen/pkg/internal/escape"
	"github.com/gitopsgen/gitopsgen/pkg/render"
)

const (
	// patience is how long work takes before its bar appears, and redraw is how
	// often that is drawn.
	patience = 500 * time.Millisecond
	redraw   = 100 * time.Millisecond
	// every is the time between lines of plain progress.
	every = 10 * time.Second
)

// state is how far a command is.
type state struct {
	phase string
	// done of total things are finished; total is 0 where nothing is counted.
	done, total int
	what        string // things, such as apps
	begun       time.Time
}

// progress shows the state of a command while it works.
type progress struct {
	mu    sync.Mutex
	now   state
	stop  context.CancelFunc
	ended chan struct{}
}

// begin shows a phase until end is called, before anything else is printed. Within
// another phase, which it interrupts, it only changes what is shown.
func (a *app) begin(ctx context.Context, phase string) (p *progress, end func()) {
	if p = a.watching; p != nil {
		before := p.state()
		p.set(state{phase: phase})
		return p, func() { p.set(before) }
	}
	p = &progress{}
	p.set(state{phase: phase})
	show := p.showNothing
	switch {
	case a.quiet || a.progress == "off":
	case a.progress == "plain":
		show = func(ctx context.Context) { p.showLines(ctx, a.Err) }
	case isTerminal(a.Streams.Err) && a.drawn():
		show = func(ctx context.Context) { p.showBar(ctx, a.Streams.Err) }
	}
	ctx, p.stop = context.WithCancel(ctx)
	p.ended = make(chan struct{})
	go func() {
		defer close(p.ended)
		show(ctx)
	}()
	a.watching = p
	return p, func() {
		p.stop()
		<-p.ended
		a.watching = nil
	}
}

func (p *progress) state() state {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.now
}

// set takes a new state. It keeps the time at which a phase began.
func (p *progress) set(s state) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if s.begun = p.now.begun; s.phase != p.now.phase {
		s.begun = time.Now()
	}
	p.now = s
}

// rendering is called by a render.
func (p *progress) rendering(r render.Progress) {
	p.set(state{phase: string(r.Phase), done: r.Done, total: r.Total, what: "apps"})
}

// writing is called by a write.
func (p *progress) writing(done, total int) {
	p.set(state{phase: "writing", done: done, total: total, what: "files"})
}

// exchanging shows the phase of an exchange with a server.
func (a *app) exchanging(p gitrepo.Phase) {
	if a.watching != nil {
		a.watching.set(state{phase: string(p)})
	}
}

func (p *progress) showNothing(context.Context) {}

// showLines prints a line from time to time, for logs.
func (p *progress) showLines(ctx context.Context, w *escape.Writer) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-tick.C:
			w.Printf("%s\n", p.state().at(now))
		}
	}
}

// at returns a state in a line, such as "rendering: 412 of 1000 apps, 41/s, 14s left".
func (s state) at(now time.Time) string {
	taken := now.Sub(s.begun)
	if s.total == 0 {
		return fmt.Sprintf("%s: %s", s.phase, taken.Round(time.Second))
	}
	line := fmt.Sprintf("%s: %d of %d %s", s.phase, s.done, s.total, s.what)
	if s.done > 0 && taken > 0 {
		rate := float64(s.done) / taken.Seconds()
		left := time.Duration(float64(s.total-s.done) / rate * float64(time.Second))
		digits := 0
		if rate < 10 {
			digits = 1
		}
		line += fmt.Sprintf(", %.*f/s, %s left", digits, rate, left.Round(time.Second))
	}
	return line
}

// showBar draws on a terminal, and removes what it drew.
func (p *progress) showBar(ctx context.Context, w io.Writer) {
	var bar *progressbar.ProgressBar
	var drawn state
	clear := func() {
		if bar != nil {
			_ = bar.Clear() // nothing is lost but a picture
		}
	}
	defer func() { clear() }()
	for wait := patience; ; wait = redraw {
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
		s := p.state()
		if bar == nil || s.phase != drawn.phase || s.total != drawn.total {
			clear()
			bar = s.bar(w)
		}
		bar.Describe(s.at(time.Now()))
		if drawn = s; s.total > 0 {
			_ = bar.Set(min(s.done, s.total-1)) // a bar that is full is drawn no more
		}
	}
}

// bar returns a bar, or a spinner where nothing is counted.
func (s state) bar(w io.Writer) *progressbar.ProgressBar {
	total := s.total
	if total == 0 {
		total = -1
	}
	return progressbar.NewOptions(total, progressbar.OptionSetWriter(w), progressbar.OptionUseANSICodes(true), progressbar.OptionThrottle(redraw/2), progressbar.OptionSetWidth(24),
		progressbar.OptionShowDescriptionAtLineEnd(), progressbar.OptionSpinnerType(14), progressbar.OptionSetSpinnerChangeInterval(0),
		progressbar.OptionSetPredictTime(false), progressbar.OptionSetElapsedTime(false))
}

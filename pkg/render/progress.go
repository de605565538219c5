package render

import "sync"

// Phase is what a run does.
type Phase string

// The phases of a run, in their order.
const (
	// Checking validates the fleet.
	Checking Phase = "checking"
	// Rendering composes and proves the overlays of apps, which are counted, and of
	// platform components.
	Rendering Phase = "rendering"
	// Assembling computes the objects of Argo CD and the inventories.
	Assembling Phase = "assembling"
)

// Progress is how far a run is.
type Progress struct {
	Phase Phase
	// Done of Total selected apps are finished. Total is 0 in other phases than
	// Rendering.
	Done, Total int
}

// WithProgress calls f when a phase begins and when the number of what is done
// grows. It is called from one goroutine at a time, and the run waits for it. The
// output does not depend on it. Default, and if it is nil: nothing is called.
func WithProgress(f func(Progress)) Option { return func(o *options) { o.progress.call = f } }

// progress counts what is done, for the function of WithProgress.
type progress struct {
	mu   sync.Mutex
	call func(Progress)
	now  Progress
}

// begin begins a phase.
func (p *progress) begin(phase Phase, total int) {
	p.update(func() { p.now = Progress{Phase: phase, Total: total} })
}

// add counts one more as done.
func (p *progress) add() { p.update(func() { p.now.Done++ }) }

func (p *progress) update(change func()) {
	if p.call == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	change()
	p.call(p.now)
}

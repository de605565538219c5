package access

import (
	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/fill"
)

func deriveAccount(d *feature.Derivation) {
	if !d.Runs() {
		if d.Spec.ServiceAccount == nil {
			return
		}
		fill.Nil(&d.Spec.ServiceAccount.Create, false) // inherited, and nobody runs as it
	}
	a := fill.Struct(&d.Spec.ServiceAccount)
	fill.Nil(&a.Create, true)
	if d.Runs() || *a.Create {
		fill.Zero(&a.Name, d.App)
	}
	fill.Nil(&a.AutomountToken, len(a.Rules) > 0)
	if d.RunsPods() {
		fill.Nil(&fill.Struct(&d.Spec.Pod).AutomountToken, *a.AutomountToken)
	}
}

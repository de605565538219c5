// Package features lists the capabilities of gitopsgen. Adding one is a package
// below pkg/feature and a line here.
package features

import (
	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/feature/access"
	"github.com/gitopsgen/gitopsgen/pkg/feature/autoscaling"
	"github.com/gitopsgen/gitopsgen/pkg/feature/certificates"
	"github.com/gitopsgen/gitopsgen/pkg/feature/chart"
	"github.com/gitopsgen/gitopsgen/pkg/feature/config"
	"github.com/gitopsgen/gitopsgen/pkg/feature/directory"
	"github.com/gitopsgen/gitopsgen/pkg/feature/dns"
	"github.com/gitopsgen/gitopsgen/pkg/feature/monitoring"
	"github.com/gitopsgen/gitopsgen/pkg/feature/namespaces"
	"github.com/gitopsgen/gitopsgen/pkg/feature/network"
	"github.com/gitopsgen/gitopsgen/pkg/feature/objects"
	"github.com/gitopsgen/gitopsgen/pkg/feature/previews"
	"github.com/gitopsgen/gitopsgen/pkg/feature/routes"
	"github.com/gitopsgen/gitopsgen/pkg/feature/secrets"
	"github.com/gitopsgen/gitopsgen/pkg/feature/storage"
	"github.com/gitopsgen/gitopsgen/pkg/feature/sync"
	"github.com/gitopsgen/gitopsgen/pkg/feature/workload"
)

// All returns the capabilities of gitopsgen.
func All() []feature.Feature {
	return []feature.Feature{
		workload.Feature(),
		config.Feature(),
		storage.Feature(),
		access.Feature(),
		autoscaling.Feature(),
		network.Feature(),
		secrets.Feature(),
		routes.Feature(),
		certificates.Feature(),
		dns.Feature(),
		monitoring.Feature(),
		namespaces.Feature(),
		previews.Feature(),
		objects.Feature(),
		directory.Feature(),
		chart.Feature(nil),
		sync.Feature(),
	}
}

// Default returns the set of these capabilities alone.
func Default() *feature.Set {
	set, _ := feature.NewSet(All()...) // without an error, or TestDefault fails
	return set
}

package workload

import (
	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// checkFleet finds apps that run as the user of an image, whoever that is.
func checkFleet(r *feature.Report, fleet view.Fleet) {
	for _, app := range fleet.Apps() {
		for _, s := range fleet.Scopes(app) {
			if f, ok := fleet.Facts(app, s); s.Cluster == "" || !ok || !f.UserUnknown {
				continue
			}
			at := fieldpath.Path("apps").Key(app).Field("spec").Field("pod").Field("securityContext").Field("runAsUser")
			r.Warnf("unknown-user", at, "set it to the numeric user ID of the image, for the pod or for each container",
				"the pods must not run as root, and the kubelet does not start an image whose user is a name instead of a number")
			break
		}
	}
}

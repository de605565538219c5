package audit

import "github.com/gitopsgen/gitopsgen/pkg/fieldpath"

// users finds apps that run as the user of an image, whoever that is.
func (a *auditor) users() {
	for _, app := range a.resolver.Apps() {
		for _, s := range a.resolver.Scopes(app) {
			if f, ok := a.resolver.Facts(app, s); s.Cluster == "" || !ok || !f.UserUnknown {
				continue
			}
			at := fieldpath.Path("apps").Key(app).Field("spec").Field("pod").Field("securityContext").Field("runAsUser")
			a.Warnf("unknown-user", at, "set it to the numeric user ID of the image, for the pod or for each container",
				"the pods must not run as root, and the kubelet does not start an image whose user is a name instead of a number")
			break
		}
	}
}

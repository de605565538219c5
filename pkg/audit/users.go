package audit

import "github.com/gitopsgen/gitopsgen/pkg/fieldpath"

// users finds apps that run as the user of an image, whoever that is.
func (a *auditor) users() {
	for _, app := range a.resolver.Apps() {
		for _, s := range a.resolver.Scopes(app) {
			if s.Cluster == "" || !a.resolver.UserUnknown(app, s) {
				continue
			}
			at := fieldpath.Path("apps").Key(app).Field("spec").Field("pod").Field("securityContext").Field("runAsUser")
			a.warnf("unknown-user", at, "set it to the number of the image's user, for the pod or for each container",
				"the pods must not run as root, and where an image names its user instead of giving a number, the kubelet does not start it")
			break
		}
	}
}

package storage

import (
	"github.com/gitopsgen/gitopsgen/pkg/feature"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/view"
)

// checkLayer checks the volumes and claims of a layer.
func checkLayer(r *feature.Report, at fieldpath.Path, s *model.AppSpec) {
	seen := map[string]bool{}
	for _, v := range s.Volumes {
		below := at.Field("volumes").Key(v.Name)
		r.Label(below.Field("name"), v.Name, 63)
		r.Unique(seen, below, v.Name)
		r.MountPath(below.Field("mountPath"), v.MountPath)
		r.ExactlyOne(below, "one", map[string]bool{"claim": v.Claim != nil, "existingClaim": v.ExistingClaim != "", "emptyDir": v.EmptyDir != nil,
			"secret": v.Secret != nil, "configMap": v.ConfigMap != nil, "projected": v.Projected != nil, "hostPath": v.HostPath != nil,
			"csi": v.CSI != nil, "nfs": v.NFS != nil}, 0)
		if v.Claim != nil && v.Claim.Size.Sign() < 0 {
			r.Errorf("invalid-value", below.Field("claim").Field("size"), "use a positive quantity such as 10Gi", "the size is negative")
		}
	}
}

// checkTarget checks that volumes have a source, and claims a size.
func checkTarget(r *feature.Report, at fieldpath.Path, t *view.Target) {
	if t.Spec.Kind == model.NoWorkload {
		return
	}
	for _, v := range t.Spec.Volumes {
		below := at.Field("volumes").Key(v.Name)
		if v.Claim == nil && v.ExistingClaim == "" && v.EmptyDir == nil && v.Secret == nil && v.ConfigMap == nil &&
			v.Projected == nil && v.HostPath == nil && v.CSI == nil && v.NFS == nil {
			r.Errorf("missing-value", below, "add one, such as emptyDir: {}", "the volume has no source")
		}
		if v.Claim != nil && v.Claim.Size.IsZero() {
			r.Errorf("missing-value", below.Field("claim").Field("size"), "add a size such as 10Gi", "the claim has no size")
		}
	}
}

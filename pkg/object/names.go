package object

import (
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/api/validate/content"
	"k8s.io/apimachinery/pkg/util/validation"
)

// limits are the most characters of names that are shorter than those of other
// objects, and why, by kind.
var limits = map[string]struct {
	most int
	why  string
}{
	"Namespace":   {63, "which is a DNS label"},
	"Service":     {63, "which is a DNS label"},
	"Volume":      {63, "which is a DNS label"}, // of a pod
	"Job":         {63, "which its pods carry as a label"},
	"CronJob":     {52, "to which its Jobs add 11"},
	"StatefulSet": {52, "which its pods carry as a label, with a hash of 11"},
}

// CheckName says why Kubernetes would refuse an object of a kind for its name, or
// what it makes of it.
func CheckName(group, kind, name string) error {
	most, why := 253, ""
	l, limited := limits[kind]
	if limited = limited && (group == "" || group == "apps" || group == "batch"); limited {
		most, why = l.most, ", "+l.why+","
	}
	if len(name) > most {
		return fmt.Errorf("%q has %d characters, and the name of a %s%s has at most %d", name, len(name), kind, why, most)
	}
	var wrong []string
	switch {
	case group == "rbac.authorization.k8s.io" || strings.HasSuffix(group, "openshift.io"):
		wrong = content.IsPathSegmentName(name)
	case limited && kind == "Service":
		wrong = validation.IsDNS1035Label(name)
	case limited && (kind == "Namespace" || kind == "Volume"):
		wrong = validation.IsDNS1123Label(name)
	default:
		wrong = validation.IsDNS1123Subdomain(name)
	}
	if len(wrong) > 0 {
		return fmt.Errorf("%q is not a valid name of a %s", name, kind)
	}
	return nil
}

// CheckLabel says why Kubernetes would refuse the value of a label.
func CheckLabel(value string) error {
	if len(value) > validation.LabelValueMaxLength {
		return fmt.Errorf("%q has %d characters, and the value of a label has at most %d", value, len(value), validation.LabelValueMaxLength)
	}
	if len(validation.IsValidLabelValue(value)) > 0 {
		return fmt.Errorf("%q is not a valid value of a label", value)
	}
	return nil
}

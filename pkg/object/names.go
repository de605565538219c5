package object

import (
	"fmt"

	"k8s.io/apimachinery/pkg/api/validate/content"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/gitopsgen/gitopsgen/pkg/kind"
)

// CheckName returns an error if the name of an object of a kind, or of the
// objects that are created from it, is not valid.
func CheckName(group, of, name string) error {
	limit := kind.Lookup(kind.Name{Group: group, Kind: of}).Limit
	check := validation.IsDNS1123Subdomain
	switch limit.Form {
	case kind.Segment:
		check = func(name string) []string { return content.IsPathSegmentName(name) }
	case kind.Label1035:
		check = validation.IsDNS1035Label
	case kind.Label1123:
		check = validation.IsDNS1123Label
	}
	return checkName(of, name, limit, check)
}

// CheckVolumeName returns an error if the name of a pod's volume is not valid.
func CheckVolumeName(name string) error {
	return checkName("Volume", name, kind.NameLimit{Most: validation.DNS1123LabelMaxLength, Why: "which is a DNS label"}, validation.IsDNS1123Label)
}

func checkName(of, name string, limit kind.NameLimit, check func(string) []string) error {
	most, why := validation.DNS1123SubdomainMaxLength, ""
	if limit.Most > 0 {
		most, why = limit.Most, ", "+limit.Why+","
	}
	if len(name) > most {
		return fmt.Errorf("%q has %d characters, and the name of a %s%s has at most %d", name, len(name), of, why, most)
	}
	if len(check(name)) > 0 {
		return fmt.Errorf("%q is not a valid name of a %s", name, of)
	}
	return nil
}

// CheckLabel returns an error if a label value is not valid.
func CheckLabel(value string) error {
	if len(value) > validation.LabelValueMaxLength {
		return fmt.Errorf("%q has %d characters, and the value of a label has at most %d", value, len(value), validation.LabelValueMaxLength)
	}
	if len(validation.IsValidLabelValue(value)) > 0 {
		return fmt.Errorf("%q is not a valid value of a label", value)
	}
	return nil
}

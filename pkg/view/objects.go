package view

import (
	"github.com/gitopsgen/gitopsgen/pkg/kind"
	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// RawObject is a whole object that an app brings along.
type RawObject struct {
	// App is whose object it is, and Namespace where that app runs.
	App, Namespace string
	// Object is shared with the fleet and must not be changed.
	Object model.RawObject
}

// KindOf returns the kind of a whole object.
func KindOf(o model.RawObject) kind.Name {
	apiVersion, _ := o["apiVersion"].(string)
	name, _ := o["kind"].(string)
	return kind.Name{Group: kind.Group(apiVersion), Kind: name}
}

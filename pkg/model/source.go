package model

// Source is a directory of plain YAML that an app's objects come from, in place of
// a workload. A layer that names another replaces it.
type Source struct {
	// Path is the directory, by its path from this file, as in manifests/ingress. The
	// objects are those of all .yaml, .yml and .json files in it and below, except in
	// names that begin with a dot. It must not be a kustomization.
	Path string `json:"path,omitempty"`
	// Objects are the objects of the directory. They are read where the model is
	// loaded: no YAML has this field.
	Objects []RawObject `json:"objects,omitempty" load:"-"`
}

package rules

// places returns the rules of namespaces, of scopes, and of what runs once per
// cluster.
func places() []Rule {
	return []Rule{
		{"cluster-scoped-differs", "A cluster-scoped object exists only once in a cluster. If it differs between environments that share the cluster, they would change it back and forth.", "make it the same in both, or rename it in one of them", scopes},
		{"reserved-component", "gitopsgen generates a component with this name itself, and the two would share a directory.", "use another name", invariants},
		{"unknown-component", "The named component does not exist.", "use one of those that the finding lists", strictness},
	}
}

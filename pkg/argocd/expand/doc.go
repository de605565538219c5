// Package expand makes, without a cluster, the Applications that Argo CD makes
// of an ApplicationSet. What the generators of the set look at, clusters,
// repositories and pull requests, is handed in as a World.
//
//	apps, err := expand.Applications(set, expand.World{Clusters: clusters})
//
// The result is what the set's template says for each set of parameters. What
// Argo CD then does with an Application is no part of it: whether the project
// and the cluster exist, and the spec's defaults. It writes nothing, and reads
// no file but those of the repositories that it was given. It is meant for sets
// that gitopsgen makes: templates have the functions of text/template alone, and
// nothing bounds what they do.
//
// Where Argo CD goes by chance, in the order of clusters and of merged
// parameters, the result is sorted; where chance would decide what an
// Application says, there is an error. Sets without goTemplate are refused.
package expand

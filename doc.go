// Package gitopsgen generates the config repository that Argo CD syncs from a
// typed model of apps, environments and clusters.
//
// # A tour
//
// A user writes a model.Fleet, in Go or as YAML that package load reads
// strictly. Package validate finds what is wrong, all at once. Package resolve
// merges the layers of each app into a Target for each environment and cluster,
// and derives, by named rules, what depends on other values. The packages below
// generate translate a Target into objects, one package for each concern.
// Package kustomize computes bases and overlays from the objects, as small as a
// careful person would write them, and package prove builds every overlay with
// kustomize and compares. Package argocd generates the objects with which Argo CD
// syncs all of this, and package expand computes what its ApplicationSets create. Package
// render is the façade over all of this:
//
//	result, err := render.Fleet(ctx, fleet)
//
// Up to here everything is pure: the same fleet gives the same bytes, and nothing
// is opened, dialed or executed. Package disk updates a directory to match the
// resulting tree, all or nothing, and changes only the files that the inventories
// of package inventory list; package gitrepo does the same to the branches of a git
// repository, in one commit for each:
//
//	plan, err := disk.Write(ctx, "out", result)
//	outcomes, err := gitrepo.Publish(ctx, gitrepo.Remote{URL: url}, result)
//
// The result carries the guards of the fleet, by which package ownership decides what
// a write can change. Package cli is the command; your own program gets all of it for
// a fleet in Go with one call of cli.Main.
//
// # Where to look
//
//	what a field means                  pkg/model
//	which default applies, and why      pkg/resolve, Rules
//	what a finding means                pkg/rules
//	what counts as a credential         pkg/credential
//	what output can contain             pkg/escape
//	who reads which secret, and cost    pkg/report
//	where a file is in the tree         pkg/layout
//	how an overlay is computed          pkg/kustomize
//	what Argo CD gets                   pkg/argocd
//	where a field of the output is from pkg/explain
//	what changes, by meaning            pkg/diff
package gitopsgen

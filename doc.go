// Package gitopsgen generates the config repository that Argo CD syncs from a
// typed model of apps, environments and clusters.
//
// # A tour
//
// A user writes a model.Fleet, in Go or as YAML that package load reads strictly.
// What is known about one capability, such as autoscaling, is one value of the type
// feature.Feature in a package of its own below feature: its defaults with their
// documentation, its checks with theirs, the objects that it makes of an app or of
// the platform, and the facts that it states to others. Package features lists them.
// What one app can know of others goes through package view. Where the objects of an
// app are not generated, package source is the door for what they are from instead:
// package helm, below it, renders Helm charts, and is linked only by programs that pass
// it to render.WithCharts.
//
// The other packages are stages, which know no capability. Package validate looks at
// the model as it was written. Package resolve merges the layers of each app into a
// Target for each environment and cluster, and lets the features fill in the rest.
// Package kustomize computes bases and overlays from the objects, as small as a
// careful person would write them, and package prove builds every overlay with
// kustomize and compares. Package argocd generates the objects with which Argo CD
// syncs all of this, and package expand computes what its ApplicationSets create.
// Package render is the façade over all of this:
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
// Package charts, which only the command uses, locks and fetches the charts of
// repositories before that.
//
// The result carries the guards of the fleet, by which package ownership decides what
// a write can change. Package cli is the command; your own program gets all of it for
// a fleet in Go with one call of cli.Main.
//
// # What is stable
//
// A program imports these packages, and the rule of compatibility in the README is
// about them: model, load, render, view, feature (with feature/part and fill), kind,
// rules, fieldpath, finding, object, tree, prove, ownership, source/helm, disk, gitrepo
// and cli.
// All other packages serve these, or the tests and judges of this repository, and
// change without notice.
//
// # Where to look
//
//	what a field means                  pkg/model
//	which default applies, and why      pkg/feature/NAME, Defaults
//	what a finding means                pkg/feature/NAME, Rules; pkg/rules
//	what apps know of each other        pkg/view
//	what counts as a credential         pkg/internal/credential
//	what output can contain             pkg/internal/escape
//	who reads which secret, and cost    pkg/report
//	where a file is in the tree         pkg/layout
//	how an overlay is computed          pkg/kustomize
//	what a Helm chart renders           pkg/source/helm
//	which charts are locked, and where  pkg/charts
//	what Argo CD gets                   pkg/argocd
//	where a field of the output is from pkg/explain
//	what changes, by meaning            pkg/diff
package gitopsgen

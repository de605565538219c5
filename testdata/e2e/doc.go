// Package e2e is the slow suite: it starts etcd and kube-apiserver on this
// machine and sends every target of every example to it as a strict server-side
// dry run.
//
//	GITOPSGEN_E2E=1 go test -v -timeout 45m .
//
// The servers are built from the modules in the directories etcd and
// kube-apiserver, once: about ten minutes on two cores. The binaries are kept in
// the user's cache directory. There is no kubelet and no controller, so nothing
// ever runs.
package e2e

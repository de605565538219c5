package object

// stateful are the kinds that hold data, by group: deleting one deletes what
// nobody can make anew. A definition holds all objects of its kind.
var stateful = map[[2]string]bool{
	{"", "PersistentVolumeClaim"}:                        true,
	{"", "PersistentVolume"}:                             true,
	{"snapshot.storage.k8s.io", "VolumeSnapshot"}:        true,
	{"snapshot.storage.k8s.io", "VolumeSnapshotContent"}: true,
	{"apiextensions.k8s.io", "CustomResourceDefinition"}: true,
}

// HoldsData reports whether objects of a kind hold data that goes with them.
func HoldsData(group, kind string) bool { return stateful[[2]string{group, kind}] }

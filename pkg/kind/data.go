package kind

// data are the kinds that hold data: deleting one deletes what nobody can make
// anew. A definition holds all objects of its kind.
var data = map[Name]bool{
	{"", "PersistentVolumeClaim"}:                        true,
	{"", "PersistentVolume"}:                             true,
	{"snapshot.storage.k8s.io", "VolumeSnapshot"}:        true,
	{"snapshot.storage.k8s.io", "VolumeSnapshotContent"}: true,
	{"apiextensions.k8s.io", "CustomResourceDefinition"}: true,
}

// HoldsData reports whether objects of a kind hold data that goes with them.
func HoldsData(n Name) bool { return data[n] }

package kustomize_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/gitopsgen/gitopsgen/pkg/kustomize"
	"github.com/gitopsgen/gitopsgen/pkg/layout"
	"github.com/gitopsgen/gitopsgen/pkg/object"
)

// fuzzObjects converts what was decoded; ok is false where it is no object.
func fuzzObjects(in []map[string]any) (out []object.Object, ok bool) {
	for _, m := range in {
		o, err := object.FromMap(object.Copy(m).(map[string]any))
		if err != nil {
			return nil, false
		}
		if o.Kind() == "ConfigMap" && o.Name() == "conf" {
			o = o.WithGenerator()
		}
		out = append(out, o)
	}
	object.Sort(out)
	return out, true
}

// provable reports whether kustomize builds objects that are written whole.
func provable(objects []object.Object, namespace string) bool {
	files, err := kustomize.Overlay{Unit: "apps/app", Namespace: namespace, To: objects}.Files()
	if err != nil {
		return false
	}
	differences, err := kustomize.Prove(place(files, "apps/app"), "apps/app", objects)
	return err == nil && len(differences) == 0
}

// checkPatches computes the overlay between two decoded lists of objects and
// lets kustomize judge it. It reports whether there was anything to judge: what
// kustomize does not build as it is written, no overlay can bring about.
func checkPatches(t *testing.T, data []byte) bool {
	t.Helper()
	d := &decoder{data}
	decodedFrom, decodedTo := d.pair()
	namespace := pickFrom(d, []string{"", "prod"})
	from, okFrom := fuzzObjects(decodedFrom)
	for _, o := range decodedTo {
		if namespace != "" {
			o["metadata"].(map[string]any)["namespace"] = namespace
		}
	}
	to, okTo := fuzzObjects(decodedTo)
	if !okFrom || !okTo || !provable(from, "") || !provable(to, namespace) {
		return false
	}
	b, err := kustomize.Base("apps/app", from)
	if err != nil {
		t.Fatal(err)
	}
	o, err := kustomize.Overlay{Unit: "apps/app", Parent: "../../base", Namespace: namespace, From: from, To: to}.Files()
	if err != nil {
		t.Fatalf("Overlay: %v", err)
	}
	files := slices.Concat(place(b, layout.Base("apps/app")), place(o, "apps/app/overlays/prod"))
	differences, err := kustomize.Prove(files, "apps/app/overlays/prod", to)
	if err != nil || len(differences) > 0 {
		t.Fatalf("%v %v\n%s", err, differences, dump(files, differences))
	}
	return true
}

// FuzzPatches decodes two lists of objects of any shape, and checks that the
// overlay between them builds the second from the first.
func FuzzPatches(f *testing.F) {
	for i := range uint64(40) {
		f.Add(randomBytes(i))
	}
	f.Fuzz(func(t *testing.T, data []byte) { checkPatches(t, data) })
}

// TestRandomPatches is FuzzPatches with bytes by chance.
func TestRandomPatches(t *testing.T) {
	judged := 0
	for i := range *cases {
		if checkPatches(t, randomBytes(uint64(i))) {
			judged++
		}
		if t.Failed() {
			t.Fatalf("in case %d", i)
		}
	}
	t.Logf("%d of %d cases were judged", judged, *cases)
	if judged*10 < *cases*9 {
		t.Errorf("kustomize builds the objects of %d of %d cases only", judged, *cases)
	}
}

func randomBytes(seed uint64) []byte {
	r := rand.New(rand.NewPCG(seed, 13))
	out := make([]byte, 100+r.IntN(900))
	for i := range out {
		out[i] = byte(r.Uint32())
	}
	return out
}

package inventory

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/gitopsgen/gitopsgen/pkg/layout"
	"github.com/gitopsgen/gitopsgen/pkg/model"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

// The bounds of inventories: those of a tree with a million files are smaller.
const (
	maxYAML      = 8 << 20   // bytes of one that is not as we write it: a YAML parser takes many times more
	maxListed    = 2_000_000 // files of all inventories of a tree
	maxInventory = 500_000   // inventories of a tree
)

// Parse reads the inventory at path, which List returned. Paths that leave the tree,
// or that are not a place of the inventory's owner, are errors. So are those below
// .gitopsgen that are not of layout.GuideUnit.
func Parse(path string, data []byte) (Inventory, error) {
	o, ok := owner(path)
	if !ok {
		return Inventory{}, fmt.Errorf("%s is not the path of an inventory", path)
	}
	inv, err := parse(data)
	if err != nil {
		return Inventory{}, fmt.Errorf("%s: %w (restore it from version control)", path, err)
	}
	inv.Owner, inv.Data = o, data
	for f := range inv.Files {
		if !owns(o, f) {
			return Inventory{}, fmt.Errorf("%s: %s is not a valid path for files of %s (restore the inventory from version control)", path, f, o)
		}
	}
	return inv, nil
}

func parse(data []byte) (Inventory, error) {
	inv, ok := parseLines(data)
	if !ok {
		if len(data) > maxYAML {
			return Inventory{}, fmt.Errorf("it has %d bytes, more than %d, and gitopsgen did not write it", len(data), maxYAML)
		}
		var err error
		if inv, err = parseYAML(data); err != nil {
			return Inventory{}, err
		}
	}
	return inv, inv.check()
}

// parseYAML reads an inventory however it is written.
func parseYAML(data []byte) (Inventory, error) {
	v, err := object.ParseValue(data)
	if err != nil {
		return Inventory{}, err
	}
	m, _ := v.(map[string]any)
	if m["apiVersion"] != model.APIVersion || m["kind"] != "Inventory" {
		return Inventory{}, fmt.Errorf("this is not an inventory of %s", model.APIVersion)
	}
	inv := Inventory{Files: map[string]string{}}
	inv.Generator, _ = m["generator"].(string)
	extensions, _ := m["extensions"].([]any)
	for _, e := range extensions {
		s, ok := e.(string)
		if !ok {
			return Inventory{}, fmt.Errorf("extensions: %v is not a name", e)
		}
		inv.Extensions = append(inv.Extensions, s)
	}
	files, ok := m["files"].(map[string]any)
	if !ok {
		return Inventory{}, fmt.Errorf("files is missing")
	}
	for p, id := range files {
		inv.Files[p], _ = id.(string)
	}
	return inv, nil
}

// check returns an error where a listed path can be no file of ours, or has no
// blob id.
func (inv Inventory) check() error {
	for _, p := range slices.Sorted(maps.Keys(inv.Files)) {
		if err := tree.CheckPath(p); err != nil {
			return err
		}
		below := strings.HasPrefix(p, layout.Inventories+"/") && !layout.CanOwn(p)
		if below || !isBlobID(inv.Files[p]) {
			return fmt.Errorf("%s: not a file of gitopsgen, or not a blob id", p)
		}
	}
	return nil
}

// isBlobID reports whether s is 40 hexadecimal digits in lower case.
func isBlobID(s string) bool {
	return len(s) == 40 && strings.Trim(s, "0123456789abcdef") == ""
}

// head is how an inventory begins that encode wrote.
var head = "apiVersion: " + model.APIVersion + "\nkind: Inventory\ngenerator: "

// parseLines reads an inventory as encode writes it where nothing is quoted and
// there are no extensions, which is nearly always: a tree has thousands. All
// else is left to the YAML parser.
func parseLines(data []byte) (Inventory, bool) {
	rest, ok := strings.CutPrefix(string(data), head)
	generator, lines, isList := strings.Cut(rest, "\nfiles:\n")
	if !ok || !isList || !object.IsPlain(generator) {
		return Inventory{}, false
	}
	inv := Inventory{Meta: Meta{Generator: generator}, Files: make(map[string]string, strings.Count(lines, "\n"))}
	for line := range strings.Lines(lines) {
		p, id, isPair := strings.Cut(line, ": ")
		p, isIndented := strings.CutPrefix(p, "  ")
		id, isEnded := strings.CutSuffix(id, "\n")
		if _, twice := inv.Files[p]; twice || !isPair || !isIndented || !isEnded || !object.IsPlain(p) || !object.IsPlain(id) {
			return Inventory{}, false
		}
		inv.Files[p] = id
	}
	return inv, true
}

package main

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	classifier "github.com/google/licenseclassifier/v2"
	"github.com/google/licenseclassifier/v2/assets"
)

// permitted are the licenses that a linked module may have, by their SPDX
// identifiers: permissive ones that go with Apache-2.0.
var permitted = []string{"Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT"}

// confidence is how much of a license's text has to be in a file.
const confidence = 0.9

var (
	licenseFile = regexp.MustCompile(`(?i)^(licen[cs]e|copying|unlicense)([-._].*)?$`)
	noticeFile  = regexp.MustCompile(`(?i)^notice([-._].*)?$`)
	identifier  = regexp.MustCompile(`(?m)^(?://|#|/?\*)\s*SPDX-License-Identifier:\s*(.+?)\s*(?:\*/)?$`)
)

// licenses are those of what is linked of a module.
type licenses struct {
	// ids are SPDX identifiers, sorted.
	ids []string
	// texts are the files of the licenses, and notices.
	texts []string
}

// String returns the licenses as an SPDX expression.
func (l licenses) String() string { return strings.Join(l.ids, " AND ") }

// finder finds licenses.
type finder struct{ *classifier.Classifier }

func newFinder() (finder, error) {
	c, err := assets.DefaultClassifier()
	return finder{c}, err
}

// of returns the licenses of what is linked of a module. What the source files of a
// directory say of themselves counts; where one says nothing, so do the license files
// that are closest to the directory. It is an error where there is none, or one that is not permitted.
func (f finder) of(m *linkedModule) (licenses, error) {
	ids, texts := map[string]bool{}, map[string]bool{}
	for _, dir := range slices.Sorted(maps.Keys(m.files)) {
		files, err := nearest(dir, m.dir, licenseFile)
		if err != nil {
			return licenses{}, err
		}
		own, all, err := declared(dir, m.files[dir])
		if err != nil {
			return licenses{}, err
		}
		for _, file := range files {
			found, err := f.in(file)
			if err != nil {
				return licenses{}, err
			}
			if ofDocs(file, found) {
				continue
			}
			if !all || slices.ContainsFunc(found, func(id string) bool { return slices.Contains(own, id) }) {
				texts[file] = true
			}
			for _, id := range found {
				ids[id] = ids[id] || !all
			}
		}
		for _, id := range own {
			ids[id] = true
		}
		notices, err := nearest(dir, m.dir, noticeFile)
		if err != nil {
			return licenses{}, err
		}
		for _, file := range notices {
			texts[file] = true
		}
	}
	maps.DeleteFunc(ids, func(_ string, linked bool) bool { return !linked })
	out := licenses{slices.Sorted(maps.Keys(ids)), slices.Sorted(maps.Keys(texts))}
	if len(out.ids) == 0 {
		return out, fmt.Errorf("%s: no license was found in %s", m.path, m.dir)
	}
	for _, id := range out.ids {
		if !slices.Contains(permitted, id) {
			return out, fmt.Errorf("%s: the license %s is not permitted (use another module, or add the license after a review)", m.path, id)
		}
	}
	return out, nil
}

// in returns the identifiers of the licenses in a file, sorted.
func (f finder) in(file string) ([]string, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, m := range f.Match(data).Matches {
		if (m.MatchType == "License" || m.MatchType == "Header") && m.Confidence >= confidence {
			out = append(out, m.Name)
		}
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

// nearest returns the files with a name in the closest directory that has some, from
// dir up to top.
func nearest(dir, top string, name *regexp.Regexp) ([]string, error) {
	for {
		entries, err := os.ReadDir(dir)
		if err != nil {
			return nil, err
		}
		var out []string
		for _, e := range entries {
			if e.Type().IsRegular() && name.MatchString(e.Name()) && filepath.Ext(e.Name()) != ".go" {
				out = append(out, filepath.Join(dir, e.Name()))
			}
		}
		if out != nil || dir == top {
			return out, nil
		}
		dir = filepath.Dir(dir)
	}
}

// ofDocs reports whether a file, such as LICENSE.docs, has the license of what is written
// about a module, which is not linked: one of Creative Commons.
func ofDocs(file string, found []string) bool {
	return filepath.Ext(file) == ".docs" && !slices.ContainsFunc(found, func(id string) bool { return !strings.HasPrefix(id, "CC-BY-") })
}

// declared returns the identifiers that source files have before their package
// clause, sorted, and whether all of them have one.
func declared(dir string, files []string) (ids []string, all bool, err error) {
	all = true
	for _, name := range files {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return nil, false, err
		}
		head, _, _ := bytes.Cut(append([]byte("\n"), data...), []byte("\npackage "))
		if id := identifier.FindSubmatch(head); id != nil {
			ids = append(ids, string(id[1]))
		} else {
			all = false
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids), all, nil
}

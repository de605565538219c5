package helm

import "strings"

// split returns the YAML documents of a text in their order, as Helm's
// releaseutil.SplitManifests finds them, which takes most of the time of a render:
// three dashes at the beginning of a line separate documents, with the white space
// around them.
func split(text string) []string {
	text = strings.TrimSpace(text)
	var out []string
	add := func(document string) {
		if document != "" {
			out = append(out, strings.TrimSpace(document))
		}
	}
	start, search := 0, 0
	for {
		i := strings.Index(text[search:], "---")
		if i < 0 {
			add(text[start:])
			return out
		}
		i += search
		// The end of line before it is not part of the separator before.
		if i > 0 && (text[i-1] != '\n' || i-1 < start) {
			search = i + 1
			continue
		}
		add(text[start:max(start, len(strings.TrimRight(text[:i], space)))])
		start = len(text) - len(strings.TrimLeft(text[i+3:], space))
		search = start
	}
}

// space is the white space of Go's regular expressions.
const space = "\t\n\f\r "

package report

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/gitopsgen/gitopsgen/pkg/internal/escape"
)

const (
	// maxWidth is the width of a table, in characters.
	maxWidth = 100
	// gap is what is between two columns.
	gap = "  "
)

// Columns returns rows, the first of which is the head, as aligned columns. Where they are too wide together, the
// widest ones are narrowed, and their cells take several lines.
func Columns(rows [][]string) string {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i := range row {
			row[i] = escape.Line(row[i])
			widths[i] = max(widths[i], utf8.RuneCountInString(row[i]))
		}
	}
	narrow(widths, maxWidth-len(gap)*(len(widths)-1))
	var b strings.Builder
	for _, row := range rows {
		cells, most := make([][]string, len(row)), 0
		for i, cell := range row {
			cells[i] = split(cell, widths[i])
			most = max(most, len(cells[i]))
		}
		for n := range most {
			var line strings.Builder
			for i := range cells {
				text := ""
				if n < len(cells[i]) {
					text = cells[i][n]
				}
				fmt.Fprintf(&line, "%-*s%s", widths[i], text, gap)
			}
			b.WriteString(strings.TrimRight(line.String(), " ") + "\n")
		}
	}
	return b.String()
}

// narrow takes from the widest columns until all of them together are not wider than
// most.
func narrow(widths []int, most int) {
	for {
		sum, widest := 0, 0
		for i, w := range widths {
			if sum += w; w > widths[widest] {
				widest = i
			}
		}
		if sum <= most {
			return
		}
		widths[widest]--
	}
}

// split returns a cell as lines of a width at most. They end behind a separator where
// there is one in their second half.
func split(cell string, width int) []string {
	var out []string
	for text := []rune(cell); ; {
		if len(text) <= width {
			return append(out, string(text))
		}
		end := width
		for i := width; i > width/2; i-- {
			if strings.ContainsRune(" /,-_.#", text[i-1]) {
				end = i
				break
			}
		}
		out, text = append(out, string(text[:end])), text[end:]
	}
}

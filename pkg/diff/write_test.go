package diff_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gitopsgen/gitopsgen/pkg/diff"
	"github.com/gitopsgen/gitopsgen/pkg/fieldpath"
	"github.com/gitopsgen/gitopsgen/pkg/object"
	"github.com/gitopsgen/gitopsgen/pkg/tree"
)

// TestHostileNames writes a report of names that would act on a terminal or render
// in Markdown.
func TestHostileNames(t *testing.T) {
	id := object.ID{Kind: "ConfigMap", Namespace: "shop", Name: "a|b<script>`@everyone`\n::error::\x1b[2J"}
	report := diff.Report{
		Deletions: []diff.Deletion{{Cluster: "</details>\n# one", ID: id, Application: `x\|y`}},
		Targets: []diff.Target{
			{Unit: "apps/web|x", Environment: "prod", Kind: diff.Changed, Objects: []diff.Object{
				{ID: id, Kind: diff.Changed, Fields: []diff.Field{{Path: fieldpath.Path("data").Key("k`|\u202e"), Kind: diff.Changed, From: "@all\x9b", To: "\n| x | y |"}}},
				{ID: id, Kind: diff.Added}}},
			{Unit: "![x](y)", Kind: diff.Moved}},
		Files: []tree.Change{{Path: "x\ny", Kind: "changed"}},
	}
	for format, want := range map[diff.Format]string{
		diff.Text: `Argo CD will delete:
  </details>\n# one: ConfigMap shop/a|b<script>` + "`@everyone`" + `\n::error::\u001b[2J (Application x\|y)
~ apps/web|x prod
  ~ ConfigMap shop/a|b<script>` + "`@everyone`" + `\n::error::\u001b[2J
      data[k` + "`" + `|\u202e]: "@all\ufffd" -> "\n| x | y |"
  + ConfigMap shop/a|b<script>` + "`@everyone`" + `\n::error::\u001b[2J
> ![x](y)
files that change without changing what is built:
  changed x\ny
`,
		diff.Markdown: "Argo CD will delete:\n\n" +
			"- `</details>\\n# one: ConfigMap shop/a`&#124;`b<script>`&#96;`@everyone`&#96;`\\n::error::\\u001b[2J (Application x\\`&#124;`y)`\n\n" +
			"| Target | Object | Change |\n| --- | --- | --- |\n" +
			"| `apps/web`&#124;`x prod` | `ConfigMap shop/a`&#124;`b<script>`&#96;`@everyone`&#96;`\\n::error::\\u001b[2J` | " +
			"`data[k`&#96;&#124;`\\u202e]: \"@all\\ufffd\" -> \"\\n`&#124;` x `&#124;` y `&#124;`\"` |\n" +
			"| `apps/web`&#124;`x prod` | `ConfigMap shop/a`&#124;`b<script>`&#96;`@everyone`&#96;`\\n::error::\\u001b[2J` | added |\n" +
			"| `![x](y)` | | the same objects |\n",
	} {
		var b strings.Builder
		if err := report.Write(&b, format); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, b.String()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", format, diff)
		}
	}
}

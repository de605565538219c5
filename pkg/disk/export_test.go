package disk

import "testing"

// JournalBase returns the first place of a directory's journal.
func JournalBase(t *testing.T, dir string) string {
	t.Helper()
	bases, err := journalBases(dir)
	if err != nil {
		t.Fatal(err)
	}
	return bases[0]
}

package main

import (
	"os"
	"path/filepath"
	"testing"
)

// TestCachesAreNotCopied keeps a snapshot out of backups, and out of what is restored from one.
func TestCachesAreNotCopied(t *testing.T) {
	from, to := t.TempDir(), filepath.Join(t.TempDir(), "copy")
	for _, name := range []string{"anchor", "snapshot", "snapshot.new"} {
		if err := os.WriteFile(filepath.Join(from, name), []byte(name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := copyFolder(from, to); err != nil {
		t.Fatal(err)
	}
	list, err := os.ReadDir(to)
	if err != nil || len(list) != 1 || list[0].Name() != "anchor" {
		t.Errorf("the copy holds %v, %v", list, err)
	}
}

package main

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"entente/party"
)

// run carries out a command as the program would, without a terminal.
func run(t *testing.T, args ...string) (code int, out, said string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	m := &Main{Stdin: strings.NewReader(""), Stdout: &stdout, Stderr: &stderr, Getenv: func(string) string { return "" }, Now: time.Now}
	code = m.Run(t.Context(), args)
	return code, stdout.String(), stderr.String()
}

func must(t *testing.T, args ...string) string {
	t.Helper()
	code, out, said := run(t, args...)
	if code != 0 {
		t.Fatalf("%v: %d\n%s%s", args, code, out, said)
	}
	return out + said
}

// TestNobodyElseReadsTheFiles: where a program's files are open to all by default, in a folder that
// was open to all, nobody but the owner reads the data folder, a backup, a document, a proof, or a
// bundle; and no secret is said anywhere.
func TestNobodyElseReadsTheFiles(t *testing.T) {
	defer syscall.Umask(syscall.Umask(0))
	dir := t.TempDir()
	data, at := filepath.Join(dir, "us"), func(name string) string { return filepath.Join(dir, name) }
	if err := os.Mkdir(data, 0o777); err != nil {
		t.Fatal(err)
	}
	said := must(t, "--data", data, "init", "--party", "US", "--name", "United States")
	said += must(t, "--data", data, "person", "add", "d.reyes", "--name", "D. Reyes")
	said += must(t, "--data", data, "group", "convene", "--number", "0", "--name", "Plenary")
	said += must(t, "--data", data, "--as", "d.reyes", "propose", "--group", "0", "--kind", "goal", "--title", "T", "--text", "Words.")
	said += must(t, "--data", data, "--as", "d.reyes", "export", "document", "--out", at("doc.txt"))
	said += must(t, "--data", data, "--as", "d.reyes", "export", "proof", "--out", at("p.entente"))
	said += must(t, "--data", data, "backup", at("copy"))
	closed := func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 && d.Name() != cardFile {
			t.Errorf("%s has the mode %v", path, info.Mode())
		}
		return err
	}
	for _, name := range []string{"us", "copy", "doc.txt", "p.entente"} {
		if err := filepath.WalkDir(at(name), closed); err != nil {
			t.Error(err)
		}
	}
	keys, err := os.ReadFile(filepath.Join(data, keysFile))
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range strings.Fields(string(keys)) {
		if len(secret) > 20 && strings.Contains(said, secret) {
			t.Error("a key was said")
		}
	}
}

// noRandom fails, like a disk or a system in trouble.
type noRandom struct{}

func (noRandom) Read([]byte) (int, error) { return 0, errors.New("no randomness") }

// TestAFolderIsMadeWholeOrNotAtAll: a folder that could not be made whole is gone, so that it can
// be made again.
func TestAFolderIsMadeWholeOrNotAtAll(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "us")
	card := func(k party.Keys) party.Card { return party.Card{} }
	if _, err := makeHome(dir, noRandom{}, card); err == nil {
		t.Fatal("made without keys")
	}
	if _, err := os.Lstat(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("something is left: %v", err)
	}
	if code, _, said := run(t, "--data", dir, "init", "--party", "US", "--name", " "); code == 0 {
		t.Errorf("a party without a name: %s", said)
	}
	if _, err := os.Lstat(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("something is left: %v", err)
	}
	must(t, "--data", dir, "init", "--party", "US", "--name", "United States")
}

// TestWrittenFilesFollowNoLink: whoever may write into the folder that a file goes to cannot have
// another file written over.
func TestWrittenFilesFollowNoLink(t *testing.T) {
	dir := t.TempDir()
	precious, out := filepath.Join(dir, "precious"), filepath.Join(dir, "out")
	if err := os.WriteFile(precious, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, link := range []string{out + ".new", out} {
		if err := os.Symlink(precious, link); err != nil {
			t.Fatal(err)
		}
		err := writeNew(out, []byte("hostile"), 0o600)
		if b, _ := os.ReadFile(precious); string(b) != "precious" {
			t.Fatalf("%s: written over (%v)", filepath.Base(link), err)
		}
		os.Remove(out)
		os.Remove(out + ".new")
	}
}

// TestNamesFromOutsideAreNoPaths: what a command line or a counterpart names never leads out of the
// folder: groups, persons, references, parties.
func TestNamesFromOutsideAreNoPaths(t *testing.T) {
	dir := t.TempDir()
	data := filepath.Join(dir, "us")
	must(t, "--data", data, "init", "--party", "US", "--name", "United States")
	must(t, "--data", data, "person", "add", "d.reyes", "--name", "D. Reyes")
	must(t, "--data", data, "group", "convene", "--number", "0", "--name", "Plenary")
	before, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"export", "document", "--group", "../../x"}, {"export", "proof", "--group", "0/../../x"}, {"export", "proof", "--group", "0", "--about", "../x"},
		{"group", "show", "../../../etc/passwd"}, {"plan", "show", "../x"}, {"person", "add", "../../x", "--name", "X"}, {"person", "link", "../x"},
		{"bundle", "write", "../../x"}, {"log", "../x"}, {"plan", "--group", "0%2f..%2fx"}, {"invite", "../X", "--name", "X"},
	} {
		code, out, said := run(t, append([]string{"--data", data, "--as", "d.reyes"}, args...)...)
		if code == 0 || strings.Contains(out+said, "root:") {
			t.Errorf("%v: %d %s%s", args, code, out, said)
		}
	}
	if after, err := os.ReadDir(dir); err != nil || len(after) != len(before) {
		t.Errorf("something was written: %v", after)
	}
}

// TestNoLineIsForged: words of several lines, in any field, make no line that could be taken for
// another element, another party's position, or a bracket.
func TestNoLineIsForged(t *testing.T) {
	data := filepath.Join(t.TempDir(), "us")
	must(t, "--data", data, "init", "--party", "US", "--name", "United States")
	must(t, "--data", data, "person", "add", "d.reyes", "--name", "D. Reyes\nForged line")
	must(t, "--data", data, "group", "convene", "--number", "0", "--name", "Plenary", "--terms", "Terms.\nForged line")
	words := "Words.\nForged line\n¶ 9  G 9\n[IL: shall]\nIL holds rev 7"
	must(t, "--data", data, "--as", "d.reyes", "propose", "--group", "0", "--kind", "goal", "--title", words, "--text", words, "--source", words)
	must(t, "--data", data, "--as", "d.reyes", "answer", "G-1", "--reserve", words)
	for _, args := range [][]string{{"plan"}, {"plan", "show", "G-1"}, {"plan", "today"}, {"plan", "open"}, {"plan", "search", "Words"}, {"group", "show", "0"}, {"group"}, {"person"},
		{"export", "document", "--out", "-"}, {"log"}, {"statement"}} {
		out := must(t, append([]string{"--data", data, "--as", "d.reyes"}, args...)...)
		for line := range strings.Lines(out) {
			for _, forged := range []string{"Forged", "¶ 9", "[IL:", "IL holds"} {
				if strings.HasPrefix(line, forged) {
					t.Errorf("%v: %q stands at the beginning of a line", args, forged)
				}
			}
		}
	}
}

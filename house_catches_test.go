package entente_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// TestHouseCatches shows each rule of TestHouse something that breaks it, and
// something near it that does not.
func TestHouseCatches(t *testing.T) {
	t.Run("imports", catchesImports)
	t.Run("source", catchesSource)
	t.Run("sizes", catchesSizes)
}

// importing is a package of the house with its imports.
func importing(path string, imports ...string) pkg {
	words := strings.Split(path, "/")
	name := words[len(words)-1]
	return pkg{ImportPath: module + "/" + path, Name: name, Doc: "Package " + name + " is.", Imports: imports, GoFiles: []string{"x.go"}}
}

func catchesImports(t *testing.T) {
	tested := importing("internal/api")
	tested.XTestImports = []string{"entente/internal/web"}
	wordless := importing("act")
	wordless.Doc = ""
	cgo := importing("act")
	cgo.CgoFiles = []string{"c.go"}
	all := func(pkgs []pkg) []string {
		return slices.Concat(floorFaults(pkgs), wallFaults(pkgs), marginFaults(pkgs), purityFaults(pkgs), nameFaults(pkgs), packageCommentFaults(pkgs))
	}
	for _, c := range []struct {
		what, want string // want "" for nothing to say
		pkgs       []pkg
	}{
		{"a lower floor", "", []pkg{importing("plan", "entente/accord", "sort", "net/netip", "time")}},
		{"a folder of one's own room", "", []pkg{importing("internal/web/pages", "entente/internal/web/icons")}},
		{"a listed room of the same floor", "", []pkg{importing("party", "entente/text")}},
		{"a test of one's own pages", "", []pkg{importing("internal/web", "entente/plan")}},
		{"upward", "no import runs upward", []pkg{importing("act", "entente/plan")}},
		{"upward from a folder below", "no import runs upward", []pkg{importing("act/more", "entente/plan/more")}},
		{"across", "no import runs upward or across", []pkg{importing("group", "entente/ledger")}},
		{"not listed", "does not list", []pkg{importing("ledger", "entente/text")}},
		{"no such room", "has no place", []pkg{importing("kitchen")}},
		{"the root", "imports the root", []pkg{importing("act", "entente")}},
		{"pages", "only cmd/entente imports the pages", []pkg{importing("internal/exchange", "entente/internal/web")}},
		{"pages in a test", "only cmd/entente imports the pages", []pkg{tested}},
		{"SQL", "SQL lives only in", []pkg{importing("internal/chancery", "database/sql/driver")}},
		{"SQLite", "SQL lives only in", []pkg{importing("internal/chancery", "modernc.org/sqlite/lib")}},
		{"the workload", "which is for tests", []pkg{importing("internal/chancery", "entente/internal/workload")}},
		{"the margin", "nothing of the national margin", []pkg{importing("internal/chancery", "entente/internal/national")}},
		{"the margin behind another room", "nothing of the national margin", []pkg{importing("internal/exchange", "entente/internal/sqlite"), importing("internal/sqlite", "entente/internal/national")}},
		{"the margin where it belongs", "", []pkg{importing("internal/web", "entente/internal/api"), importing("internal/api", "entente/internal/national")}},
		{"the disk", "must be pure", []pkg{importing("accord", "os")}},
		{"the network", "must be pure", []pkg{importing("plan", "net/http/httptrace")}},
		{"chance", "must be pure", []pkg{importing("plan", "math/rand/v2")}},
		{"chance below", "must be pure, but accord imports", []pkg{importing("plan", "entente/accord"), importing("accord", "crypto/rand")}},
		{"an empty name", "says nothing", []pkg{importing("act/util")}},
		{"no comment", "has no comment", []pkg{wordless}},
		{"cgo", "uses cgo", []pkg{cgo}},
	} {
		got := strings.Join(all(c.pkgs), "\n")
		if c.want == "" && got != "" || !strings.Contains(got, c.want) {
			t.Errorf("%s: said %q, want %q", c.what, got, c.want)
		}
	}
}

func catchesSource(t *testing.T) {
	for _, c := range []struct{ want, path, text string }{
		{"", "plan/a.go", "// T is.\ntype T struct{ X int }\n\nvar _ = T{}\n\nvar m = map[int]int{}\n\nfunc f() {\n\tm := map[int]int{}\n\tm[1] = 2\n\tvar d time.Duration\n\td++\n\t_ = d\n}\n"},
		{"", "plan/a.go", "type e struct{}\n\nfunc (e) Speak() {}\n"},
		{"", "ledger/a.go", "func f() {\n\tgo f()\n}\n"},
		{"", "ledger/a_test.go", "func f() {\n\t_ = time.Now()\n}\n"},
		{"is exported and has no comment", "plan/a.go", "type T struct{}\n"},
		{"is exported and has no comment", "plan/a.go", "func F() {}\n"},
		{"is exported and has no comment", "plan/a.go", "var (\n\tA = 1\n)\n"},
		{"is exported and has no comment", "plan/a.go", "// T is.\ntype T[A any] struct{}\n\nfunc (t *T[A]) F() {}\n"},
		{"init function", "plan/a.go", "func init() {}\n"},
		{"is changed", "plan/a.go", "var n int\n\nfunc f() {\n\tn++\n}\n"},
		{"is changed", "plan/a.go", "var m = map[int]int{}\n\nfunc f() {\n\tm[1] = 2\n}\n"},
		{"is changed", "plan/a.go", "var p = &struct{ x []int }{}\n\nfunc f() {\n\t(*p).x[0] += 2\n}\n"},
		{"not as gofmt", "plan/a.go", "func f()  {}\n"},
		{"starts a goroutine", "accord/a.go", "func f() {\n\tgo f()\n}\n"},
		{"asks the clock", "accord/a.go", "var now = time.Now\n"},
		{"asks the clock", "plan/sub/a.go", "func f() {\n\ttime.AfterFunc(0, f)\n}\n"},
		{"a test sleeps", "ledger/a_test.go", "func f() {\n\ttime.Sleep(1)\n}\n"},
	} {
		f, err := parse(c.path, []byte("// Package a is.\npackage a\n\nimport \"time\"\n\n"+c.text))
		if err != nil {
			t.Fatal(err)
		}
		files := []source{f}
		got := strings.Join(slices.Concat(commentFaults(files), globalFaults(files), formFaults(files), callFaults(files), sizeFaults(files)), "\n")
		if c.want == "" && got != "" || !strings.Contains(got, c.want) {
			t.Errorf("%s: said %q, want %q\n%s", c.path, got, c.want, c.text)
		}
	}
	// A variable that another file of the package declares.
	var files []source
	for _, text := range []string{"package a\n\nvar n int\n", "package a\n\nfunc f() {\n\tn = 1\n}\n", "package a\n\nfunc g(n int) {\n\tn = 1\n}\n"} {
		f, err := parse(fmt.Sprintf("plan/%d.go", len(files)), []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	if got := globalFaults(files); len(got) != 1 || !strings.HasPrefix(got[0], "plan/1.go:4") {
		t.Errorf("a variable of another file: %q", got)
	}
}

func catchesSizes(t *testing.T) {
	body := func(lines int) string {
		return "package a\n\nfunc f() {\n" + strings.Repeat("\t_ = 1\n", lines-2) + "}\n"
	}
	for _, c := range []struct {
		path, text string
		want       int
	}{
		{"plan/a.go", body(maxFunction), 0},
		{"plan/a.go", body(maxFunction + 1), 1},
		{"plan/a_test.go", body(maxFunction + 1), 0},
		{"plan/a_test.go", body(maxTestFunction + 1), 1},
		{"plan/a.go", "package a\n" + strings.Repeat("//\n", maxFile-1), 0},
		{"plan/a.go", "package a\n" + strings.Repeat("//\n", maxFile), 1},
		{"internal/web/a_templ.go", "package a\n" + strings.Repeat("//\n", maxFile), 0},
	} {
		f, err := parse(c.path, []byte(c.text))
		if err != nil {
			t.Fatal(err)
		}
		if got := sizeFaults([]source{f}); len(got) != c.want {
			t.Errorf("%s of %d lines: %q", c.path, f.lines, got)
		}
	}
	fifth := map[string]int{"plan": grown / 5, "act": grown - grown/5}
	if got := roomFaults(fifth); len(got) != 0 {
		t.Errorf("a small house: %q", got)
	}
	fifth["text"] = 5
	if got := roomFaults(fifth); len(got) != 1 || !strings.HasPrefix(got[0], "act ") {
		t.Errorf("a grown house: %q", got)
	}
}

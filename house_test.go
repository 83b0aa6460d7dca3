package entente_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"testing"
)

const module = "entente"

// room is one row of the plan of the house: the floor on which a package
// stands, and the rooms of the house that it may import. Packages below a
// room's folder belong to the room.
type room struct {
	floor int
	may   []string
}

// nouns are the rooms that every floor above them may name things by.
var nouns = []string{"party", "text", "marking", "act", "group"}

// public are the rooms a stranger's program may use.
var public = append([]string{"ledger", "accord", "plan", "proof"}, nouns...)

// house is the whole plan. A room that is missing here is refused.
var house = map[string]room{
	"text":    {1, nil},
	"party":   {1, []string{"text"}},
	"marking": {1, []string{"party"}},

	"flat": {1, nil}, // the form of caches

	"act": {2, []string{"party", "text", "marking"}},

	"group":  {3, []string{"act", "party", "text", "marking"}},
	"ledger": {3, []string{"act", "party"}},

	"accord": {4, []string{"act", "group", "party", "flat"}},

	"plan": {5, append([]string{"accord", "flat"}, nouns...)},

	"proof":               {6, append([]string{"ledger", "accord", "plan"}, nouns...)},
	"internal/release":    {6, append([]string{"plan"}, nouns...)},
	"internal/workload":   {6, append([]string{"ledger", "accord", "plan"}, nouns...)},
	"internal/national":   {6, append([]string{"plan"}, nouns...)},
	"internal/compliance": {6, append([]string{"plan"}, nouns...)},

	"internal/export/plain":    {7, []string{"plan", "text", "act"}},
	"internal/export/sheet":    {7, nil}, // files of tables
	"internal/export/ical":     {7, []string{"act"}},
	"internal/export/readings": {7, []string{"internal/export/sheet", "internal/compliance", "act", "text", "marking"}},
	"internal/export/iati":     {7, []string{"internal/export/readings", "internal/compliance", "act", "text"}},

	"internal/evidence": {7, append([]string{"plan", "proof", "internal/compliance"}, nouns...)}, // the verdict of a proof, computed again

	"internal/sqlite":   {7, append([]string{"ledger", "internal/chancery", "internal/national"}, nouns...)}, // the rows of the desk are the chancery's
	"internal/chancery": {7, append([]string{"ledger", "accord", "plan", "proof", "internal/release", "internal/compliance", "flat"}, nouns...)},

	"internal/exchange": {8, append([]string{"ledger", "accord", "plan", "internal/chancery", "internal/release"}, nouns...)},
	"internal/api": {8, append([]string{"internal/chancery", "internal/compliance", "internal/evidence", "internal/release", "internal/national",
		"internal/export/plain", "internal/export/sheet", "internal/export/iati", "internal/export/ical", "internal/export/readings", "internal/export/iati"}, public...)},
	"internal/web": {8, append([]string{"internal/chancery", "internal/compliance", "internal/evidence", "internal/export/sheet", "internal/export/readings", "internal/release", "internal/national", "internal/api",
		"internal/web/ui", "internal/web/locale", "internal/web/assets", "internal/web/storybook"}, public...)},
	"internal/web/storybook": {8, append([]string{"internal/web/ui", "internal/web/locale", "internal/web/assets"}, nouns...)},
	"internal/web/ui":        {7, append([]string{"internal/web/locale", "internal/web/assets"}, nouns...)},
	"internal/web/locale":    {7, nil},
	"internal/web/assets":    {7, nil},

	"cmd/entente": {9, append([]string{"internal/release", "internal/national", "internal/compliance", "internal/evidence", "internal/workload", "internal/sqlite", "internal/chancery",
		"internal/exchange", "internal/api", "internal/web"}, public...)},
}

// sameFloor are the few imports between rooms of one floor; they must not
// make a circle, which the compiler sees to.
var sameFloor = map[[2]string]bool{
	{"party", "text"}:    true,
	{"marking", "party"}: true,

	{"internal/sqlite", "internal/chancery"}:              true, // it keeps the chancery's rows
	{"internal/export/readings", "internal/export/sheet"}: true,
	{"internal/export/iati", "internal/export/readings"}:  true,
	{"internal/web", "internal/api"}:                      true, // a form and a command draft the same acts
	{"internal/web/ui", "internal/web/locale"}:            true,
	{"internal/web/ui", "internal/web/assets"}:            true,
}

// pure are the rooms whose result is a function of what they are handed, with
// the packages of the standard library that they must not import. A package
// named with a final slash stands for all below it too.
var pure = []string{"text", "party", "marking", "act", "group", "ledger", "accord", "plan", "proof", "internal/release", "internal/national", "internal/compliance", "internal/evidence",
	"internal/export/sheet", "internal/export/ical", "internal/export/readings", "internal/export/iati"}

var impure = []string{
	"crypto/rand", "math/rand", "math/rand/v2", "net", "net/http/", "net/rpc/", "net/smtp", "database/sql/",
	"os/", "io/ioutil", "syscall", "plugin", "log/", "testing/",
}

// quiet are the pure rooms that start no goroutine: the rule and its fold.
var quiet = []string{"accord", "plan", "internal/compliance"}

// forbidden are names that say nothing about what a package is.
var forbidden = []string{
	"util", "utils", "common", "model", "models", "type", "types", "helper", "helpers",
	"service", "services", "manager", "managers", "misc", "shared", "base", "lib", "core",
}

// pkg is what the go command says of one package of the house.
type pkg struct {
	ImportPath, Dir, Name, Doc         string
	Imports, TestImports, XTestImports []string
	GoFiles, TestGoFiles, XTestGoFiles []string
	CgoFiles, IgnoredGoFiles           []string
}

// path is the package's folder below the root; "" is the root itself.
func (p pkg) path() string { return inside(p.ImportPath) }

// inside is the folder of a package of the house, or "" for the root; ok tells
// it from packages of elsewhere.
func inside(importPath string) string {
	return strings.TrimPrefix(strings.TrimPrefix(importPath, module), "/")
}

func ours(importPath string) bool {
	return importPath == module || strings.HasPrefix(importPath, module+"/")
}

// roomOf finds the room that a folder belongs to, or "".
func roomOf(path string) string {
	for p := path; p != "." && p != ""; p = filepath.Dir(p) {
		if _, ok := house[p]; ok {
			return p
		}
	}
	return ""
}

// writtenDoc is a package's comment as somebody wrote it: generated files have a line of their own
// in its place.
func writtenDoc(t *testing.T, p pkg) string {
	t.Helper()
	for _, name := range p.GoFiles {
		if strings.HasSuffix(name, "_templ.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(p.Dir, name), nil, parser.ParseComments|parser.PackageClauseOnly)
		if err != nil {
			t.Fatal(err)
		}
		if f.Doc != nil {
			return f.Doc.Text()
		}
	}
	return ""
}

// packages asks the go command what there is.
func packages(t *testing.T) []pkg {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Dir,Name,Doc,Imports,TestImports,XTestImports,GoFiles,TestGoFiles,XTestGoFiles,CgoFiles,IgnoredGoFiles", "./...")
	var said strings.Builder
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, said.String())
	}
	var pkgs []pkg
	d := json.NewDecoder(strings.NewReader(string(out)))
	for {
		var p pkg
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return pkgs
		} else if err != nil {
			t.Fatal(err)
		}
		p.Doc = writtenDoc(t, p)
		pkgs = append(pkgs, p)
	}
}

// TestHouse keeps the plan of the house: who may import whom, what stays
// pure, how large things are, and that everything says what it is.
func TestHouse(t *testing.T) {
	pkgs := packages(t)
	report := func(name string, faults []string) {
		t.Run(name, func(t *testing.T) {
			sort.Strings(faults)
			for _, f := range faults {
				t.Error(f)
			}
		})
	}
	report("floors", floorFaults(pkgs))
	report("walls", append(wallFaults(pkgs), marginFaults(pkgs)...))
	report("purity", purityFaults(pkgs))
	report("names", nameFaults(pkgs))

	files := sources(t, pkgs)
	report("sizes", sizeFaults(files))
	report("rooms", roomFaults(roomLines(files)))
	report("templates", templateFaults(t))
	report("comments", append(packageCommentFaults(pkgs), commentFaults(files)...))
	report("globals", globalFaults(files))
	report("form", formFaults(files))
	report("calls", callFaults(files))
}

// floorFaults finds imports that run upward, or that the plan does not list.
func floorFaults(pkgs []pkg) (faults []string) {
	for _, p := range pkgs {
		if p.path() == "" {
			continue
		}
		from := roomOf(p.path())
		if from == "" {
			faults = append(faults, fmt.Sprintf("%s has no place in the plan of the house", p.path()))
			continue
		}
		for _, imp := range p.Imports {
			if !ours(imp) {
				continue
			}
			if to := roomOf(inside(imp)); to != from {
				faults = append(faults, importFault(p.path(), from, to)...)
			}
		}
	}
	return faults
}

func importFault(path, from, to string) []string {
	a, b := house[from], house[to]
	switch {
	case to == "":
		return []string{fmt.Sprintf("%s imports the root or an unknown room", path)}
	case b.floor > a.floor || b.floor == a.floor && !sameFloor[[2]string{from, to}]:
		return []string{fmt.Sprintf("%s (floor %d) imports %s (floor %d): no import runs upward or across", path, a.floor, to, b.floor)}
	case !slices.Contains(a.may, to):
		return []string{fmt.Sprintf("%s imports %s, which its row in the plan does not list", path, to)}
	}
	return nil
}

// wallFaults finds what comes through the walls that hold for single rooms.
func wallFaults(pkgs []pkg) (faults []string) {
	for _, p := range pkgs {
		from := roomOf(p.path())
		for _, imp := range slices.Concat(p.Imports, p.TestImports, p.XTestImports) {
			if ours(imp) && roomOf(inside(imp)) == "internal/web" && from != "internal/web" && from != "cmd/entente" {
				faults = append(faults, fmt.Sprintf("%s imports %s: only cmd/entente imports the pages", p.path(), imp))
			}
		}
		for _, imp := range p.Imports {
			if (matches(imp, "database/sql/") || strings.HasPrefix(imp, "modernc.org/sqlite")) && from != "internal/sqlite" {
				faults = append(faults, fmt.Sprintf("%s imports %s: SQL lives only in internal/sqlite", p.path(), imp))
			}
			if ours(imp) && roomOf(inside(imp)) == "internal/workload" && from != "internal/workload" && from != "cmd/entente" {
				faults = append(faults, fmt.Sprintf("%s imports internal/workload, which is for tests and cmd/entente", p.path()))
			}
		}
		if len(p.CgoFiles) > 0 {
			faults = append(faults, fmt.Sprintf("%s uses cgo", p.path()))
		}
	}
	return faults
}

// margin are the rooms that may reach a party's national margin, at whatever distance.
var margin = []string{"internal/national", "internal/sqlite", "internal/api", "internal/web", "cmd/entente"}

// marginFaults finds rooms that could take words of the national margin along: all that writes to a
// log, answers a counterpart, makes a file or computes a page is among those that must not reach it.
func marginFaults(pkgs []pkg) (faults []string) {
	byPath := map[string]pkg{}
	for _, p := range pkgs {
		byPath[p.ImportPath] = p
	}
	for _, p := range pkgs {
		if slices.Contains(margin, roomOf(p.path())) || p.path() == "" {
			continue
		}
		for _, dep := range reached(byPath, p.ImportPath) {
			if room := roomOf(inside(dep)); room == "internal/national" || room == "internal/sqlite" {
				faults = append(faults, fmt.Sprintf("%s reaches %s: nothing of the national margin may come near it", p.path(), dep))
			}
		}
	}
	return faults
}

// TestTheMarginIsWalledIn asks the go command itself what each room that must not know the margin
// is made of.
func TestTheMarginIsWalledIn(t *testing.T) {
	for _, p := range packages(t) {
		if p.path() == "" || slices.Contains(margin, roomOf(p.path())) {
			continue
		}
		out, err := exec.Command("go", "list", "-deps", p.ImportPath).Output()
		if err != nil {
			t.Fatal(err)
		}
		if slices.Contains(strings.Fields(string(out)), module+"/internal/national") {
			t.Errorf("%s is made with internal/national", p.path())
		}
	}
}

// matches says whether an import is the named package, or, where the name ends
// in a slash, one below it.
func matches(imp, name string) bool {
	if base, below := strings.CutSuffix(name, "/"); below {
		return imp == base || strings.HasPrefix(imp, name)
	}
	return imp == name
}

// purityFaults finds clocks, chance, network, disk and databases in the rooms
// that are pure, whether imported by them or by a room of the house that they
// reach.
func purityFaults(pkgs []pkg) (faults []string) {
	byPath := map[string]pkg{}
	for _, p := range pkgs {
		byPath[p.ImportPath] = p
	}
	for _, p := range pkgs {
		if !slices.Contains(pure, roomOf(p.path())) {
			continue
		}
		for _, dep := range reached(byPath, p.ImportPath) {
			for _, imp := range byPath[dep].Imports {
				if slices.ContainsFunc(impure, func(name string) bool { return matches(imp, name) }) {
					faults = append(faults, fmt.Sprintf("%s must be pure, but %s imports %s", p.path(), inside(dep), imp))
				}
			}
		}
	}
	return faults
}

// reached lists a package and every package of the house below it.
func reached(byPath map[string]pkg, from string) []string {
	seen := []string{from}
	for i := 0; i < len(seen); i++ {
		for _, imp := range byPath[seen[i]].Imports {
			if ours(imp) && !slices.Contains(seen, imp) {
				seen = append(seen, imp)
			}
		}
	}
	return seen
}

// nameFaults finds packages whose name says nothing.
func nameFaults(pkgs []pkg) (faults []string) {
	for _, p := range pkgs {
		for _, word := range append(strings.Split(p.path(), "/"), p.Name) {
			if slices.Contains(forbidden, word) {
				faults = append(faults, fmt.Sprintf("%s: %q says nothing about what the package is", p.path(), word))
			}
		}
	}
	return faults
}

// packageCommentFaults finds packages that do not say what they are.
func packageCommentFaults(pkgs []pkg) (faults []string) {
	for _, p := range pkgs {
		if len(p.GoFiles) == 0 {
			continue
		}
		want := "Package " + p.Name + " "
		if p.Name == "main" {
			want = "" // a command begins as it likes
		}
		if p.Doc == "" || !strings.HasPrefix(p.Doc, want) {
			faults = append(faults, fmt.Sprintf("%s has no comment that begins %q", p.path(), want))
		}
	}
	return faults
}

// roomLines counts the lines of Go written by hand in each room, tests left out.
func roomLines(files []source) map[string]int {
	lines := map[string]int{}
	for _, f := range files {
		if !f.test && !f.generated {
			lines[f.room] += f.lines
		}
	}
	return lines
}

// templateFaults finds templates of pages that are longer than any file may be.
func templateFaults(t *testing.T) (faults []string) {
	t.Helper()
	err := filepath.WalkDir("internal", func(path string, d os.DirEntry, err error) error {
		if errors.Is(err, os.ErrNotExist) || (err == nil && d.IsDir() && d.Name() == "node_modules") {
			return filepath.SkipDir
		}
		if err != nil || filepath.Ext(path) != ".templ" {
			return err
		}
		b, err := os.ReadFile(path)
		if n := strings.Count(string(b), "\n"); n > maxFile {
			faults = append(faults, fmt.Sprintf("%s has %d lines; a file has at most %d", path, n, maxFile))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return faults
}

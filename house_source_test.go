package entente_test

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Sizes, in lines. A rule of 40 lines a function and 400 a file is for the
// reader's judgement; these are what nothing may exceed.
const (
	maxFile         = 700
	maxFunction     = 70
	maxTestFunction = 120    // a story told in one test
	grown           = 10_000 // from here on, no room is larger than a fifth of the house
)

// source is one parsed file of the house.
type source struct {
	path, room      string
	test, generated bool
	lines           int
	text            []byte
	fset            *token.FileSet
	ast             *ast.File
}

// at says where a node stands.
func (s source) at(n ast.Node) string {
	return fmt.Sprintf("%s:%d", s.path, s.fset.Position(n.Pos()).Line)
}

func parse(path string, text []byte) (source, error) {
	s := source{path: path, text: text, fset: token.NewFileSet()}
	s.room = roomOf(filepath.Dir(path))
	s.test = strings.HasSuffix(path, "_test.go")
	s.generated = strings.HasSuffix(path, "_templ.go")
	s.lines = bytes.Count(text, []byte("\n"))
	var err error
	s.ast, err = parser.ParseFile(s.fset, path, text, parser.ParseComments)
	return s, err
}

// sources reads every Go file of the house, whatever its build tags.
func sources(t *testing.T, pkgs []pkg) (files []source) {
	t.Helper()
	for _, p := range pkgs {
		for _, name := range slices.Concat(p.GoFiles, p.TestGoFiles, p.XTestGoFiles, p.CgoFiles, p.IgnoredGoFiles) {
			path := filepath.Join(p.path(), name)
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			s, err := parse(path, text)
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, s)
		}
	}
	return files
}

func sizeFaults(files []source) (faults []string) {
	for _, f := range files {
		if f.generated {
			continue
		}
		if f.lines > maxFile {
			faults = append(faults, fmt.Sprintf("%s has %d lines; a file has at most %d", f.path, f.lines, maxFile))
		}
		limit := maxFunction
		if f.test {
			limit = maxTestFunction
		}
		for _, d := range f.ast.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Body == nil {
				continue
			}
			lines := f.fset.Position(fn.End()).Line - f.fset.Position(fn.Pos()).Line + 1
			if lines > limit {
				faults = append(faults, fmt.Sprintf("%s: %s has %d lines; a function has at most %d", f.at(fn), fn.Name.Name, lines, limit))
			}
		}
	}
	return faults
}

func roomFaults(lines map[string]int) (faults []string) {
	total := 0
	for _, n := range lines {
		total += n
	}
	for room, n := range lines {
		if total > grown && n > total/5 {
			faults = append(faults, fmt.Sprintf("%s has %d of the %d lines of the house, more than a fifth", room, n, total))
		}
	}
	return faults
}

// commentFaults finds exported names without a sentence.
func commentFaults(files []source) (faults []string) {
	for _, f := range files {
		if f.test || f.generated || f.ast.Name.Name == "main" {
			continue
		}
		for _, d := range f.ast.Decls {
			for _, id := range undocumented(d) {
				faults = append(faults, fmt.Sprintf("%s: %s is exported and has no comment", f.at(id), id.Name))
			}
		}
	}
	return faults
}

func undocumented(d ast.Decl) (ids []*ast.Ident) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		fixed := d.Recv != nil && (d.Name.Name == "Error" || d.Name.Name == "Unwrap") // what they mean is the language's
		if d.Name.IsExported() && d.Doc == nil && exportedReceiver(d) && !fixed {
			ids = append(ids, d.Name)
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch s := spec.(type) {
			case *ast.TypeSpec:
				if s.Name.IsExported() && d.Doc == nil && s.Doc == nil && s.Comment == nil {
					ids = append(ids, s.Name)
				}
			case *ast.ValueSpec:
				for _, id := range s.Names {
					if id.IsExported() && d.Doc == nil && s.Doc == nil && s.Comment == nil {
						ids = append(ids, id)
					}
				}
			}
		}
	}
	return ids
}

// exportedReceiver says whether a function is no method, or one of an exported
// type.
func exportedReceiver(d *ast.FuncDecl) bool {
	if d.Recv == nil {
		return true
	}
	e := d.Recv.List[0].Type
	for {
		switch x := e.(type) {
		case *ast.StarExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.IndexListExpr:
			e = x.X
		case *ast.Ident:
			return x.IsExported()
		default:
			return true
		}
	}
}

// globalFaults finds init functions, and assignments to variables of a package.
func globalFaults(files []source) (faults []string) {
	globals := map[string]map[string]bool{} // folder and package name: variables
	key := func(f source) string { return filepath.Dir(f.path) + " " + f.ast.Name.Name }
	for _, f := range files {
		if globals[key(f)] == nil {
			globals[key(f)] = map[string]bool{}
		}
		for _, d := range f.ast.Decls {
			if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.VAR {
				for _, spec := range g.Specs {
					for _, id := range spec.(*ast.ValueSpec).Names {
						globals[key(f)][id.Name] = id.Name != "_"
					}
				}
			}
		}
	}
	for _, f := range files {
		if f.test || f.generated {
			continue
		}
		for _, d := range f.ast.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok {
				faults = append(faults, varyingFaults(f, fn, globals[key(f)])...)
			}
		}
	}
	return faults
}

func varyingFaults(f source, fn *ast.FuncDecl, globals map[string]bool) (faults []string) {
	if fn.Recv == nil && fn.Name.Name == "init" {
		faults = append(faults, fmt.Sprintf("%s: an init function", f.at(fn)))
	}
	file := map[*ast.Object]bool{}
	for _, o := range f.ast.Scope.Objects {
		file[o] = true
	}
	check := func(e ast.Expr) {
		id := root(e)
		// A name without an object is not declared in this file; one whose
		// object is the file's own is not shadowed.
		if id != nil && globals[id.Name] && (id.Obj == nil || file[id.Obj]) {
			faults = append(faults, fmt.Sprintf("%s: %s is a variable of the package, and is changed", f.at(e), id.Name))
		}
	}
	ast.Inspect(fn, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			if n.Tok != token.DEFINE {
				for _, e := range n.Lhs {
					check(e)
				}
			}
		case *ast.IncDecStmt:
			check(n.X)
		}
		return true
	})
	return faults
}

// root is the variable that an assignment to e changes.
func root(e ast.Expr) *ast.Ident {
	for {
		switch x := e.(type) {
		case *ast.Ident:
			return x
		case *ast.IndexExpr:
			e = x.X
		case *ast.SelectorExpr:
			e = x.X
		case *ast.ParenExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		default:
			return nil
		}
	}
}

// formFaults finds files that are not as gofmt writes them.
func formFaults(files []source) (faults []string) {
	for _, f := range files {
		if f.generated {
			continue
		}
		if want, err := format.Source(f.text); err != nil || !bytes.Equal(want, f.text) {
			faults = append(faults, fmt.Sprintf("%s is not as gofmt writes it", f.path))
		}
	}
	return faults
}

// clock are the functions of package time that ask or wait for the time.
var clock = []string{"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTicker", "NewTimer"}

// callFaults finds clocks in pure rooms, goroutines in quiet ones, and tests
// that sleep.
func callFaults(files []source) (faults []string) {
	for _, f := range files {
		sleeps := f.test && !imports(f, "testing/synctest")
		isPure := !f.test && slices.Contains(pure, f.room)
		isQuiet := !f.test && slices.Contains(quiet, f.room)
		timeName := nameOf(f, "time")
		ast.Inspect(f.ast, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.GoStmt:
				if isQuiet {
					faults = append(faults, fmt.Sprintf("%s: %s starts a goroutine", f.at(n), f.room))
				}
			case *ast.SelectorExpr:
				x, ok := n.X.(*ast.Ident)
				if !ok || x.Name != timeName || x.Obj != nil {
					break
				}
				if isPure && slices.Contains(clock, n.Sel.Name) {
					faults = append(faults, fmt.Sprintf("%s: %s is pure, and asks the clock: time.%s", f.at(n), f.room, n.Sel.Name))
				}
				if sleeps && n.Sel.Name == "Sleep" {
					faults = append(faults, fmt.Sprintf("%s: a test sleeps", f.at(n)))
				}
			}
			return true
		})
	}
	return faults
}

func imports(f source, path string) bool {
	return slices.ContainsFunc(f.ast.Imports, func(s *ast.ImportSpec) bool { return s.Path.Value == `"`+path+`"` })
}

// nameOf is what a file calls an imported package, or "" if it does not import
// it. A dot import is called by a name that no selector has, and is refused by
// nobody here, because gofmt'd code of this house has none.
func nameOf(f source, path string) string {
	for _, s := range f.ast.Imports {
		if s.Path.Value == `"`+path+`"` {
			if s.Name != nil {
				return s.Name.Name
			}
			return filepath.Base(path)
		}
	}
	return ""
}

package compliance

import (
	"entente/act"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A telling is a call of say in the source: its key, or how its key begins, and the places it fills.
type telling struct {
	key    string
	whole  bool // the key is all of it
	places []string
	where  token.Position
}

// tellings finds the calls of say in this package's source.
func tellings(t *testing.T) (out []telling) {
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	files := token.NewFileSet()
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(files, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 {
				return true
			}
			if id, ok := call.Fun.(*ast.Ident); !ok || id.Name != "say" {
				return true
			}
			x := telling{where: files.Position(call.Pos())}
			x.key, x.whole = literal(call.Args[0])
			for i := 1; i < len(call.Args); i += 2 {
				place, _ := literal(call.Args[i])
				x.places = append(x.places, place)
			}
			out = append(out, x)
			return true
		})
	}
	return out
}

// literal is a string of the source, or how a sum of strings begins; where it is a variable, nothing.
func literal(e ast.Expr) (s string, whole bool) {
	switch x := e.(type) {
	case *ast.BasicLit:
		s, err := strconv.Unquote(x.Value)
		return s, err == nil
	case *ast.BinaryExpr:
		s, _ = literal(x.X)
	}
	return s, false
}

var place = regexp.MustCompile(`\{[A-Za-z]+\}`)

// variable are the keys that a variable holds when they are said.
var variable = []string{"headline.exceeded", "headline.exceeded-by", "headline.exceeded-twice", "headline.exceeded-twice-by",
	"would.above", "would.at-or-above", "would.below", "would.at-or-below"}

// TestEverySentenceIsThere looks that each key that is said has an English form of which each place is
// filled, and that each form is said.
func TestEverySentenceIsThere(t *testing.T) {
	said := map[string]bool{"join": true}
	for _, key := range variable {
		said[key] = true
	}
	for _, x := range tellings(t) {
		for key, form := range english {
			base := strings.TrimSuffix(key, ".one")
			if base != x.key && (x.whole || x.key == "" || !strings.HasPrefix(base, x.key)) {
				continue
			}
			said[base] = true
			for _, p := range place.FindAllString(form, -1) {
				if !slices.Contains(x.places, strings.Trim(p, "{}")) {
					t.Errorf("%s: %s has no %s", x.where, key, p)
				}
			}
		}
		if _, ok := english[x.key]; x.whole && !ok {
			t.Errorf("%s: %q has no English form", x.where, x.key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(english)) {
		if !said[strings.TrimSuffix(key, ".one")] {
			t.Errorf("%q is never said", key)
		}
	}
	for v := range Verdict(verdicts) {
		if _, ok := english["verdict."+slug(v)]; !ok {
			t.Errorf("no words for %s", v)
		}
	}
}

// TestASentenceInWords says sentences with counts, days, units and sentences in them.
func TestASentenceInWords(t *testing.T) {
	for want, s := range map[string]Sentence{
		"Not older than 120 days.":                            say("needs.fresh", "N", count(120)),
		"Not older than a day.":                               say("needs.fresh", "N", count(1)),
		"A second source at B2 or better that says the same.": say("would.second", "Grade", word("B2")),
		"It applies from 5 November 2017.":                    say("because.not-begun", "Day", dayArg("2017-11-05")),
		"less than 300 kg UF6":                                amountSaid(AmountOf(1, 300), "kg{UF6}"),
		"12 to 13.5 t":                                        amountSaid(Amount{Low: 12, High: 13.5}, "t"),
		"A reading above 130 t would be beyond the limit.":    say("would.above", "Limit", phrase(amountSaid(Value(130), "t"))),
		"At once.": list([]Sentence{{}, {Key: "x", English: "At once."}}),
	} {
		if s.String() != want {
			t.Errorf("%q, want %q", s, want)
		}
	}
}

// TestNoSpaceIsLeftBeforeAMark: where a unit is 1, it has no name.
func TestNoSpaceIsLeftBeforeAMark(t *testing.T) {
	got := amountSaid(AmountOf(act.Exactly, 12), "1").in(map[string]string{"amount.value": "US {Value} {Unit}."})
	if got != "US 12." {
		t.Errorf("%q", got)
	}
}

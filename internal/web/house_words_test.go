package web_test

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"entente/accord"
	"entente/internal/web/locale"
)

// places are the places of a format string.
var places = regexp.MustCompile(`%[.0-9]*[a-z]`)

// formArgs says which argument of a call is the form of a sentence.
var formArgs = map[string]int{"refuse": 1, "Refuse": 1, "tell": 0, "shut": 0}

// A formed is a sentence of the house as it stands in the source.
type formed struct {
	at   token.Position
	rule string // of a refusal, where it is written out
}

// formsIn collects the forms of all sentences that the sources of a room make with such a call.
func formsIn(t *testing.T, room string) map[string]formed {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "..", filepath.FromSlash(room), "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%s: %v", room, err)
	}
	out := map[string]formed{}
	set := token.NewFileSet()
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(set, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			c, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			called := ""
			switch x := c.Fun.(type) {
			case *ast.Ident:
				called = x.Name
			case *ast.SelectorExpr:
				called = x.Sel.Name
			}
			at, is := formArgs[called]
			if !is || len(c.Args) <= at {
				return true
			}
			form, err := literal(c.Args[at])
			if _, passedOn := c.Args[at].(*ast.Ident); err != nil && !passedOn {
				t.Errorf("%s: the form is not written as a literal", set.Position(c.Pos()))
			} else if err == nil {
				rule, _ := literal(c.Args[0])
				out[form] = formed{set.Position(c.Pos()), rule}
			}
			return true
		})
	}
	return out
}

// heldIn are the sentences that say why a server does not write, or does not accept by silence.
func heldIn(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, name := range []string{"group.go", "silence.go"} {
		f, err := parser.ParseFile(token.NewFileSet(), filepath.Join("..", "chancery", name), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if v, ok := n.(*ast.ValueSpec); ok && len(v.Names) == 1 && len(v.Values) == 1 && (strings.HasPrefix(v.Names[0].Name, "closed") || v.Names[0].Name == "silenceFrozen") {
				if s, err := literal(v.Values[0]); err == nil {
					out[v.Names[0].Name] = s
				}
			}
			return true
		})
	}
	if len(out) < 8 {
		t.Errorf("only %d sentences were found that say why nothing is written", len(out))
	}
	return out
}

func literal(e ast.Expr) (string, error) {
	switch x := e.(type) {
	case *ast.BasicLit:
		return strconv.Unquote(x.Value)
	case *ast.BinaryExpr:
		a, err := literal(x.X)
		b, err2 := literal(x.Y)
		return a + b, errors.Join(err, err2)
	}
	return "", errors.New("no literal")
}

// TestRefusalsAreSaidInEveryLanguage: each sentence by which the door, the exchange and the API
// refuse, and each finding of a proof, is in house/he.json with the same places; and so is each
// reason for which an act is void. A refusal may have a sentence for its rule instead: “refused.taken”.
func TestRefusalsAreSaidInEveryLanguage(t *testing.T) {
	book, err := locale.Open()
	if err != nil {
		t.Fatal(err)
	}
	p, model := book.Printer("he", time.Now()), book.Printer(locale.Model, time.Now())
	for _, room := range []string{"internal/chancery", "internal/exchange", "internal/api", "internal/national", "proof"} {
		forms := formsIn(t, room)
		if len(forms) < 8 {
			t.Errorf("%s: only %d sentences were found", room, len(forms))
		}
		for form, f := range forms {
			n := len(places.FindAllString(strings.ReplaceAll(form, "%%", ""), -1))
			args := make([]string, n)
			for i := range args {
				args[i] = fmt.Sprintf("<%d>", i)
			}
			said, ok := p.House(form, args...)
			if !ok {
				if general := p.T(locale.Key("refused." + f.rule)); strings.HasPrefix(general, "⟦") || general == model.T(locale.Key("refused."+f.rule)) {
					t.Errorf("%s: neither in house/he.json nor, for its rule, in he.json: %q", f.at, form)
				}
				continue
			}
			if strings.Contains(said, "%!") || n > 0 && !strings.Contains(said, "<0>") {
				t.Errorf("%s: its places are not those of the Hebrew sentence: %s", f.at, said)
			}
		}
	}
	for name, why := range heldIn(t) {
		if _, ok := p.House(why); !ok {
			t.Errorf("not in house/he.json: %s, %q", name, why)
		}
	}
	for r := accord.Good + 1; r.String() != "unknown"; r++ {
		if _, ok := p.House(r.Sentence()); !ok {
			t.Errorf("not in house/he.json: %q", r.Sentence())
		}
	}
}

// TestARefusalIsSaidInTheReadersLanguage: with its particulars, on the page; in English where the
// page is, and in the words of the door.
func TestARefusalIsSaidInTheReadersLanguage(t *testing.T) {
	us := newGround(t, "US", both("United States", "ארצות הברית"), "d.reyes", both("D. Reyes", "ד׳ רייס"), nil)
	b := us.signedIn()
	form := url.Values{"code": {"US"}, "names.en": {"United States"}, "names.he": {"ארצות הברית"}, "ceiling": {"TLP:AMBER"}}
	b.post("/sync/invite", form).has(http.StatusUnprocessableEntity, "own code. Nothing was written. Give the code")
	site, _ := url.Parse(b.site)
	b.Jar.SetCookies(site, []*http.Cookie{{Name: "entente-look", Value: url.Values{"l": {"he"}}.Encode(), Path: "/"}})
	p := b.post("/sync/invite", form)
	p.has(http.StatusUnprocessableEntity, "\u2068US\u2069 הוא הקוד של הצד הזה עצמו. דבר לא נכתב.")
	p.hasNot("this party")
}

// TestAProofIsJudgedInTheReadersLanguage: on the Hebrew page no check speaks English.
func TestAProofIsJudgedInTheReadersLanguage(t *testing.T) {
	x := play(t)
	b := x.us.signedIn()
	site, _ := url.Parse(b.site)
	b.Jar.SetCookies(site, []*http.Cookie{{Name: "entente-look", Value: url.Values{"l": {"he"}}.Encode(), Path: "/"}})
	file := b.get("/g/1/doc.entente").body
	if len(file) < 1000 || strings.Contains(file, "<html") {
		t.Fatalf("no proof was given: %.200s", file)
	}
	p := b.upload("/verify", "plan.entente", []byte(file), nil)
	p.has(http.StatusOK, "הקובץ שלם.", "כל יומן חתום בידי הצד שלו.", "רשומות")
	p.hasNot("The file is whole", "Every log is signed", "Every entry stands", "entries")
	p = b.upload("/verify", "plan.entente", []byte("nonsense"), nil)
	p.has(http.StatusOK, "הקובץ אינו שלם, או אינו הוכחה.")
}

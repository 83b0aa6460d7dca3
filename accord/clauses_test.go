package accord

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A clause is one thing that the rule says, and a change of the source that takes it out.
type clause struct {
	says, file, old, new string
}

// clauses is the list of everything that the rule says. docs/spec/accord.md says it in words.
var clauses = []clause{
	// Positions.
	{"table takes the revision as position", "judge.go", "if j.Revision = s.enter(j.Element, m, v, j); !m.Offered {", "if j.Revision = s.enter(j.Element, m, v, j); false {"},
	{"what is offered is no position", "judge.go", "if j.Revision = s.enter(j.Element, m, v, j); !m.Offered {", "if j.Revision = s.enter(j.Element, m, v, j); true {"},
	{"a position taken leaves the one before", "judge.go", "j.Element.leave(j.Party, j.Ordinal)\n\tj.Element.seats", "j.Element.seats"},
	{"withdraw leaves the position", "judge.go", "j.Element.leave(p, j.Ordinal)", "j.Element.leave(p, still)"},
	{"there must be a position to withdraw", "judge.go", "if e == nil || e.seats[p].held == nil {\n\t\t\tj.Void = HoldsNone", "if e == nil || e.seats[p].held == nil {\n\t\t\tj.Void = Good"},
	{"nobody tables a revision twice", "judge.go", "if s.revisions.find(&m.Revision) != nil {\n\t\t\tj.Void = Again", "if s.revisions.find(&m.Revision) != nil {\n\t\t\tj.Void = Good"},
	{"nobody comes back to a revision", "judge.go", "if why == Good && r.EverHeldBy(p) {", "if why == Good && r == s.elements[m.Element].seats[p].held {"},
	{"nobody accepts what it holds", "judge.go", "if why == Good && r.EverHeldBy(p) {", "if why == Good && r.EverHeldBy(p) && r != s.elements[m.Element].seats[p].held {"},
	{"a revision must be known", "judge.go", "if r == nil || (r.Party", "if r != nil && (r.Party"},
	{"another's revision must have been seen tabled", "judge.go", "r.Ordinal >= v.seen[r.Party]", "false"},
	{"one's own revision needs no seeing", "judge.go", "(r.Party != p && r.Ordinal", "(r.Ordinal"},
	{"a revision is of one element", "judge.go", "if r.of != m.Of && r.Element != m.Element {", "if r.Element != m.Element && false {"},

	// Confirmations.
	{"one confirms what one holds", "judge.go", "case r.of.seats[p].held != r:", "case !r.EverHeldBy(p):"},
	{"one confirms once", "judge.go", "case r.ConfirmedBy(p):", "case false:"},
	{"all others hold it in what was seen", "judge.go", "case !s.allOthersHeld(p, r, v):", "case false:"},
	{"not only one other", "judge.go", "if q != int(p) && !r.HeldAt(uint8(q), v.seen[q]) {\n\t\t\treturn false\n\t\t}\n\t}\n\treturn true", "if q != int(p) && r.HeldAt(uint8(q), v.seen[q]) {\n\t\t\treturn true\n\t\t}\n\t}\n\treturn len(s.logs) == 1"},
	{"held in the prefix seen, not now", "judge.go", "!r.HeldAt(uint8(q), v.seen[q])", "!r.HeldAt(uint8(q), s.logs[q].judged)"},
	{"held there, not ever", "judge.go", "!r.HeldAt(uint8(q), v.seen[q])", "!r.EverHeldBy(uint8(q))"},
	{"the coming counts from its own entry on", "judge.go", "int(st.from) < count", "int(st.from) <= count"},
	{"the leaving counts from its own entry on", "judge.go", "count <= int(st.to)", "count <= int(st.to)+1"},
	{"the leaving does not count before", "judge.go", "count <= int(st.to)", "count < int(st.to)"},
	{"an acceptance may be a confirmation in itself", "judge.go", "if !m.Tied && s.allOthersHeld(j.Party, j.Revision, v) {\n\t\ts.confirm(j)\n\t}", "if len(s.logs) == 1 {\n\t\ts.confirm(j)\n\t}"},
	{"but only when all the others hold it", "judge.go", "if !m.Tied && s.allOthersHeld(j.Party, j.Revision, v) {\n\t\ts.confirm(j)\n\t}", "s.confirm(j)"},
	{"what is tied confirms nothing by itself", "judge.go", "if !m.Tied && s.allOthersHeld(j.Party, j.Revision, v) {\n\t\ts.confirm(j)\n\t}", "if s.allOthersHeld(j.Party, j.Revision, v) {\n\t\ts.confirm(j)\n\t}"},

	// Adoption.
	{"adopted needs every party", "judge.go", "int(r.confirmed) == len(s.logs)", "int(r.confirmed) == max(1, len(s.logs)-1)"},
	{"the list of adopted revisions grows at its end", "judge.go", "append(j.Element.adopted, r)", "append([]*Revision{r}, j.Element.adopted...)"},
	{"the last adopted is in force", "judge.go", "return e.adopted[n-1]", "return e.adopted[0]"},
	{"what is held beyond it is open", "judge.go", "r != nil && r != now", "r != nil && now == nil"},
	{"an offer that stands is open", "judge.go", "return e.Offer() != nil", "return false"},
	{"an offer stands until a later text is in force", "judge.go", "!r.adopted && r.Number > least &&", "!r.adopted && r.Number > least-least &&"},
	{"what is adopted is no offer any more", "judge.go", "r.Offered && !r.adopted && r.Number", "r.Offered && r.Number"},
	{"the latest offer stands", "judge.go", "r.Number > stands.Number || r.Number == stands.Number", "r.Number < stands.Number || r.Number == stands.Number"},
	{"of offers that crossed one stands, the same everywhere", "judge.go", "r.Number == stands.Number && r.Party > stands.Party", "r.Number == stands.Number"},
	{"ripe: everybody holds it", "judge.go", "if e.seats[i].held != mine {", "if e.seats[i].held == nil {"},
	{"ripe: not confirmed yet", "judge.go", "mine == nil || mine.ConfirmedBy(party)", "mine == nil"},

	// Numbers.
	{"a number counts what was seen of the others", "judge.go", "r.Number = max(r.Number, s.numberAt(e, uint8(q), v.seen[q]))", ""},
	{"and not what was not seen", "judge.go", "s.numberAt(e, uint8(q), v.seen[q])", "int(e.seats[q].number)"},
	{"a number counts one's own", "judge.go", "r.Number = int(mine.number)", ""},

	// What was seen.
	{"its past first", "sight.go", "!ok || count > s.logs[n.Party].judged", "!ok"},
	{"held while a prefix is not here", "sight.go", "!ok || count >", "(!ok && false) || count >"},
	{"nobody has seen strangers or itself", "sight.go", "v.flaw = v.flaw.or(SeenStranger)\n", "\n"},
	{"the writer is no other party", "sight.go", "|| n.Party == p {", "{"},
	{"roots must be right", "sight.go", "v.flaw = v.flaw.or(SeenRoot)", "v.seen[n.Party] = max(v.seen[n.Party], count)"},
	{"seen never goes back", "sight.go", "v.flaw = v.flaw.or(SeenBack)", ""},
	{"going back does not count", "sight.go", "v.flaw = v.flaw.or(SeenBack)", "v.flaw, v.changed = v.flaw.or(SeenBack), true\n\t\t\tv.seen[n.Party] = count"},
	{"seen is closed", "sight.go", "v.flaw = v.flaw.or(SeenOpen)", ""},
	{"what was open stays open until it is closed", "sight.go", "if v.changed || v.open {", "if v.open = false; v.changed {"},
	{"what stays open is looked at whole", "sight.go", "(n == l.seen[q] && !l.open)", "n == l.seen[q]"},
	{"closed means all that the last seen act had seen", "sight.go", "s.sawAt(uint8(q), n-1)", "s.sawAt(uint8(q), n-2)"},
	{"the first flaw is the reason", "reason.go", "if r != Good {\n\t\treturn r", "if next == Good {\n\t\treturn r"},

	// Void entries.
	{"a void entry's seen counts", "judge.go", "if v.changed {", "if v.changed && j.Void == Good {"},
	{"a void entry changes nothing else", "judge.go", "l.void[j.Ordinal] = j.Void\n\t\treturn", "l.void[j.Ordinal] = j.Void\n\t\tif j.Revision == nil || j.Element == nil || true {\n\t\t\tif e := s.elements[m.Element]; e != nil {\n\t\t\t\te.leave(p, j.Ordinal)\n\t\t\t}\n\t\t}\n\t\treturn"},
	{"later acts go on being judged", "accord.go", "each(j)\n\treturn true", "each(j)\n\treturn j.Void == Good"},
	{"an entry with a flaw is void", "judge.go", "Void: m.Flaw.or(v.flaw)}", "Void: v.flaw}"},
	{"one may try what one would write", "accord.go", "now.seen[q] = s.logs[q].judged", "now.seen[q] = l.seen[q]"},
}

// TestEveryClauseMatters takes each clause of the rule out in turn and runs the fast tests on
// what is left: they must fail.
func TestEveryClauseMatters(t *testing.T) {
	goTool, err := exec.LookPath("go")
	if testing.Short() || raceDetector || err != nil {
		t.Skip("needs the go command and some time")
	}
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range clauses {
		t.Run(strings.ReplaceAll(c.says, " ", "-"), func(t *testing.T) {
			t.Parallel()
			without(t, goTool, here, c)
		})
	}
}

// without runs the fast tests on the package without one clause.
func without(t *testing.T, goTool, here string, c clause) {
	path := filepath.Join(here, c.file)
	source, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(source), c.old); n != 1 {
		t.Fatalf("the source has %d places where the clause could be taken out, not one", n)
	}
	dir := t.TempDir()
	changed, overlay := filepath.Join(dir, c.file), filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(changed, []byte(strings.Replace(string(source), c.old, c.new, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	replace, err := json.Marshal(map[string]map[string]string{"Replace": {path: changed}})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(overlay, replace, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(goTool, "test", "-short", "-failfast", "-vet=off", "-timeout=60s", "-overlay="+overlay, ".")
	cmd.Dir = here
	out, err := cmd.CombinedOutput()
	switch text := string(out); {
	case err == nil:
		t.Error("the tests pass without it")
	case strings.Contains(text, "[build failed]") || strings.Contains(text, "[setup failed]"):
		t.Errorf("the change does not compile:\n%s", text)
	case !strings.Contains(text, "--- FAIL") && !strings.Contains(text, "panic:"):
		t.Errorf("the tests did not run:\n%s", text)
	}
}

package web

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"entente/act"
	"entente/internal/chancery"
	"entente/internal/web/locale"
	"entente/internal/web/ui"
	"entente/plan"
	"entente/text"
)

// A statementRow is a statement in the list, with the group it was brought into.
type statementRow struct {
	plan.StatementSummary
	Group string `json:"group"`
	sc    scene
}

// statementsData is the page Statements.
type statementsData struct {
	Statements []statementRow `json:"statements"`
	may        bool           // the person may bring one in somewhere
}

// statementsPage lists the public texts that the plan answers to, over all groups.
func (s *Server) statementsPage(w http.ResponseWriter, r *http.Request, v visit) {
	d := statementsData{Statements: []statementRow{}}
	for _, g := range s.chancery.Seen(v.who) {
		sc := s.sceneOf(r, v.who, g)
		d.may = d.may || sc.may(act.MayPropose)
		g.View(func(p *plan.State) {
			for _, st := range p.Statements() {
				d.Statements = append(d.Statements, statementRow{st, g.Handle(), sc})
			}
		})
	}
	s.show(w, r, v, d, func(f ui.Frame) templ.Component { return statementsView(f, d) })
}

// address is the statement's page.
func (row statementRow) address() string { return "/s/" + string(row.Ref) + "?g=" + row.Group }

// inStatement wraps a page of one statement: it finds the group, which the address or the form
// names by its handle, and which is otherwise the first that has the statement.
func (s *Server) inStatement(p func(http.ResponseWriter, *http.Request, visit, act.Ref)) http.HandlerFunc {
	return s.signedIn(func(w http.ResponseWriter, r *http.Request, v visit) {
		ref, err := pathRef(r)
		v.json = v.json || strings.HasSuffix(r.PathValue("ref"), jsonSuffix)
		asked := r.URL.Query().Get("g")
		if r.Method == http.MethodPost {
			asked = r.PostFormValue("g")
		}
		for _, g := range s.chancery.Seen(v.who) {
			if asked != "" && g.Handle() != asked {
				continue
			}
			g.View(func(p *plan.State) {
				if e := p.Element(ref); v.group == nil && e != nil && e.Kind() == act.Statement {
					v.group = g
				}
			})
		}
		if err != nil || v.group == nil {
			s.fail(w, r, v, chancery.ErrWithheld)
			return
		}
		p(w, r, v, ref)
	})
}

// statementData is the page of one statement: from speech to goals.
type statementData struct {
	plan.Coverage
	Group string `json:"group"`

	sc    scene
	basis string
	told  string
	rows  []speech
	goals []goalCard
	arcs  drawing
}

// A speech is one paragraph as the page shows it.
type speech struct {
	plan.StatementText
	words  text.Version
	marks  []mark
	height int // in units
}

// A mark is a stretch of a paragraph: words that are marked, or words that are not.
type mark struct {
	Text  string
	State string // "" for words that are not marked
	Ref   act.Ref
}

// A goalCard is a goal beside the statement, counted over all groups that the reader sits in.
type goalCard struct {
	plan.GoalCoverage
	height int
}

// statementPage shows one statement.
func (s *Server) statementPage(w http.ResponseWriter, r *http.Request, v visit, ref act.Ref) {
	d, err := s.statement(r, v, ref)
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	s.show(w, r, v, d, func(f ui.Frame) templ.Component { return statementView(f, d) })
}

func (s *Server) statement(r *http.Request, v visit, ref act.Ref) (statementData, error) {
	d := statementData{sc: s.scene(r, v), Group: v.group.Handle(), told: r.URL.Query().Get("told")}
	here := false
	v.group.View(func(p *plan.State) {
		d.Coverage, here = p.Coverage(ref)
		d.basis = p.Basis(ref)
	})
	if !here {
		return d, chancery.ErrWithheld
	}
	below := s.below(r, v)
	for _, w := range d.Words {
		d.rows = append(d.rows, d.speech(w))
	}
	for _, g := range d.Goals {
		if sum, ok := below[g.Ref]; ok {
			g.Ways, g.Agreed, g.Of = g.Ways+sum.Ways, g.Agreed+sum.Agreed, g.Of+sum.Of
		}
		d.goals = append(d.goals, goalCard{g, goalUnits})
	}
	d.arcs = drawArcs(d.rows, d.goals)
	return d, nil
}

// below counts, per goal of the plenary, what stands under it in the groups that the reader sits in.
func (s *Server) below(_ *http.Request, v visit) map[act.Ref]plan.GoalCoverage {
	out := map[act.Ref]plan.GoalCoverage{}
	for _, g := range s.chancery.Seen(v.who) {
		if g.Charter().Plenary != v.group.ID() {
			continue
		}
		g.View(func(p *plan.State) {
			for _, h := range p.Briefing(plan.BriefingQuery{Viewer: g.Self(), Limit: 1}).StateOfText.Headings {
				e := p.Element(h.Ref)
				if e == nil {
					continue
				}
				up := p.Content(e.Shown(len(g.Charter().Parties))).Parent
				sum := out[up]
				sum.Ways, sum.Agreed, sum.Of = sum.Ways+1, sum.Agreed+h.Agreed, sum.Of+h.Of
				out[up] = sum
			}
		})
	}
	return out
}

// speech cuts a paragraph at its marks, in the reader's language or the first it is in.
func (d statementData) speech(w plan.StatementText) speech {
	out := speech{StatementText: w, words: d.sc.best(w.Text)}
	at := 0
	whole := out.words.Text
	for _, p := range w.Passages {
		if p.Lang != out.words.Lang || p.From < at || p.To > len(whole) {
			continue
		}
		if p.From > at {
			out.marks = append(out.marks, mark{Text: whole[at:p.From]})
		}
		out.marks = append(out.marks, mark{whole[p.From:p.To], p.State, p.Ref})
		at = p.To
	}
	if at < len(whole) {
		out.marks = append(out.marks, mark{Text: whole[at:]})
	}
	out.height = speechUnits(len([]rune(whole)), len(w.Passages))
	return out
}

// markAt is the page on which words of a paragraph are marked.
func (d statementData) markAt(n int) string {
	return "/s/" + string(d.Ref) + "/mark?g=" + d.Group + "&n=" + strconv.Itoa(n)
}

// passageAt is the page on which it is decided what follows from a passage.
func (d statementData) passageAt(ref act.Ref) string {
	return "/s/" + string(d.Ref) + "/passage/" + string(ref) + "?g=" + d.Group
}

// title names the statement.
func (d statementData) title() string {
	if t := d.sc.best(d.Title).Text; t != "" {
		return t
	}
	return d.Display
}

// toldSaid says what has just been done, as far as the plan bears it out.
func (d statementData) toldSaid(p *locale.Printer) string {
	switch d.told {
	case "marked":
		if d.Counts.Passages > 0 {
			return p.T("told.marked")
		}
	case "aside":
		if d.Counts.Aside > 0 {
			return p.T("told.aside")
		}
	case "linked":
		if d.Counts.Leads > 0 {
			return p.T("told.linked")
		}
	case "imported":
		return p.T("told.imported")
	}
	return ""
}

// goalRefs are the goals that a passage leads to.
func goalRefs(p plan.Passage) []act.Ref {
	var out []act.Ref
	for _, it := range p.LeadsTo {
		out = append(out, it.Ref)
	}
	slices.SortFunc(out, act.Ref.Compare)
	return out
}

// markedWords shows a paragraph with its marks.
func markedWords(row speech) templ.Component {
	return inked(func(k *ink) {
		for _, m := range row.marks {
			switch m.State {
			case "":
				k.words(m.Text)
			case plan.Uncovered:
				k.raw(`<mark class="open">`)
				k.words(m.Text)
				k.raw(`</mark>`)
			default:
				k.raw(`<mark>`)
				k.words(m.Text)
				k.raw(`</mark>`)
			}
		}
	})
}

// firstUnmarked is the first paragraph without a passage, or the first.
func firstUnmarked(d statementData) int {
	for _, row := range d.rows {
		if len(row.Passages) == 0 {
			return row.Number
		}
	}
	return 1
}

// statementCrumb names the statement and its day.
func statementCrumb(ctx context.Context, d statementData) string {
	if d.SaidOn == "" {
		return d.title()
	}
	return d.title() + ", " + day(ctx, d.SaidOn)
}

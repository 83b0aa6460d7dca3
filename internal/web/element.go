package web

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"entente/act"
	"entente/internal/chancery"
	"entente/internal/web/locale"
	"entente/internal/web/ui"
	"entente/party"
	"entente/plan"
	"entente/text"
)

// The views of an element's page.
const (
	tabPositions  = "positions"
	tabHistory    = "history"
	tabTrace      = "trace"
	tabDiscussion = "discussion"
)

// maxChanges is how many revisions of a history are shown with their changes.
const maxChanges = 40

// elementData is the page Element, and what Negotiate and the pages of acts show of one.
type elementData struct {
	plan.Dossier
	thenData
	Changes map[string]plan.Comparison `json:"changes,omitempty"` // by revision id, in the history
	NextNo  int                        `json:"nextNumber"`        // of the next revision to be tabled
	Members []takenUp                  `json:"members,omitempty"` // of a package: its texts

	sc      scene
	tab     string
	told    string
	groups  map[act.Ref]string // address of what stands in the plenary
	content act.Content        // of the shown revision
	people  map[delegate]text.Texts
	margin  *besideData // beside it, for the delegation alone: in no twin of this page
}

// dossier gathers what the pages of one element need.
func (s *Server) dossier(r *http.Request, v visit) (elementData, error) {
	ref, err := pathRef(r)
	if err != nil {
		return elementData{}, err
	}
	return s.dossierOf(r, v, ref)
}

func (s *Server) dossierOf(r *http.Request, v visit, ref act.Ref) (elementData, error) {
	return s.dossierAt(r, v, ref, "")
}

// dossierAt is the element as it stood at a moment, or as it is where none is named.
func (s *Server) dossierAt(r *http.Request, v visit, ref act.Ref, moment string) (elementData, error) {
	d := elementData{sc: s.scene(r, v)}
	here := false
	then, err := viewAt(r, v, moment, func(p *plan.State) {
		if d.Dossier, here = p.DossierAt(ref, v.group.Self(), s.now().UnixMilli()); !here {
			return
		}
		d.people = delegates(p, len(d.sc.charter.Parties))
		d.content = p.Content(p.Element(ref).Shown(len(d.sc.charter.Parties)))
		if d.Kind == act.Package {
			d.Members = takesUp(p, v.group.Self(), d.content.Contains)
		}
		for _, rev := range p.Revisions(ref) {
			d.NextNo = max(d.NextNo, rev.Number)
		}
		d.NextNo++
	})
	if err != nil || !here {
		return d, cmp.Or(err, chancery.ErrWithheld)
	}
	if d.thenData = then; d.past() { // nothing can be done at another moment than now
		d.Choices, d.Turn = nil, false
	}
	s.fromPlenary(v, &d)
	return d, nil
}

// A delegate is a person of a party.
type delegate struct {
	party  party.Code
	person party.Person
}

// delegates are the names of all who sit in the group.
func delegates(p *plan.State, parties int) map[delegate]text.Texts {
	c, out := p.Charter(), map[delegate]text.Texts{}
	for i := range parties {
		for _, x := range p.Delegation(uint8(i)).Delegates {
			out[delegate{c.Code(uint8(i)), x.Person}] = x.Name
		}
	}
	return out
}

// person is somebody's name, or what goes for it in a log where the party's delegation has none now.
func (d elementData) person(of party.Code, id party.Person) string {
	if name := d.sc.best(d.people[delegate{of, id}]).Text; name != "" {
		return name
	}
	return string(id)
}

// fromPlenary names the elements that stand in the plenary above, for who sits there too.
func (s *Server) fromPlenary(v visit, d *elementData) {
	plenary, ok := s.chancery.GroupByID(d.sc.charter.Plenary)
	if d.sc.charter.Plenary.IsZero() || !ok || !plenary.Seats(v.who) {
		return
	}
	base := "/g/" + plenary.Handle()
	d.groups = map[act.Ref]string{}
	plenary.View(func(p *plan.State) {
		name := func(it *plan.Item) {
			if !it.Missing {
				return
			}
			if row, ok := p.Row(it.Ref); ok {
				*it = row.Item
				d.groups[it.Ref] = base
			}
		}
		for i := range d.Path {
			name(&d.Path[i])
		}
		for i := range d.Trace {
			name(&d.Trace[i].Item)
		}
		if len(d.Path) == 0 {
			return
		}
		// What the plenary's goal answers to comes before it.
		if up, ok := p.Dossier(d.Path[0].Ref, plenary.Self()); ok && d.groups[d.Path[0].Ref] != "" {
			for i := len(up.Trace) - 1; i >= 0; i-- {
				if st := up.Trace[i]; st.Kind == act.Passage {
					d.groups[st.Ref] = base
					d.Trace = slices.Insert(d.Trace, 0, st)
				}
			}
		}
	})
}

// at is the address of an element of this group, or of the plenary above.
func (d elementData) at(ref act.Ref) string {
	if base, ok := d.groups[ref]; ok {
		return base + "/e/" + string(ref)
	}
	return d.sc.href(ref, "")
}

// elementPage shows one element: text, positions, history, trace, discussion.
func (s *Server) elementPage(w http.ResponseWriter, r *http.Request, v visit) {
	v.json = v.json || strings.HasSuffix(r.PathValue("ref"), jsonSuffix)
	ref, err := pathRef(r)
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	d, err := s.dossierAt(r, v, ref, momentAsked(r.URL.Query()))
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	d.tab, d.told = tabPositions, r.URL.Query().Get("told")
	if t := r.URL.Query().Get("tab"); slices.Contains([]string{tabHistory, tabTrace, tabDiscussion}, t) {
		d.tab = t
	}
	if d.tab == tabHistory {
		v.group.View(func(p *plan.State) { d.Changes = changesIn(p, d.History) })
	}
	d.margin = s.marginBeside(r, v, d, "")
	s.show(w, r, v, d, func(f ui.Frame) templ.Component { return elementView(f, d) })
}

// view is the address of a view of the element, at the moment that is read.
func (d elementData) view(tab string) string {
	q := url.Values{}
	if tab != "" {
		q.Set("tab", tab)
	}
	if d.past() {
		q.Set("at", d.Moment.Name)
	}
	if len(q) == 0 {
		return d.sc.href(d.Ref, "")
	}
	return d.sc.href(d.Ref, "?"+q.Encode())
}

// changesIn compares each revision of a history with the one before it.
func changesIn(p *plan.State, history []plan.Event) map[string]plan.Comparison {
	out := map[string]plan.Comparison{}
	for _, ev := range slices.Backward(history) {
		if ev.Before == nil || ev.Revision == nil || len(out) == maxChanges {
			continue
		}
		if c, ok := p.Compare(*ev.Before, ev.Revision.ID); ok {
			out[ev.Revision.ID.String()] = c
		}
	}
	return out
}

// title names the element in the reader's language, or by its kind where it has no heading.
func (d elementData) title(ctx context.Context) string {
	return titleOf(ctx, d.sc, d.Item)
}

func titleOf(ctx context.Context, sc scene, it plan.Item) string {
	if t := sc.best(it.Title).Text; t != "" {
		return t
	}
	return locale.T(ctx, kindKey(it.Kind)) + " " + it.Display
}

// choice finds an act that the party can take now and the person may. What a passage or a document
// says follows from something else, and is not written anew by hand.
func (d elementData) choice(name string, need act.Powers) (plan.Choice, bool) {
	if derived := d.Kind == act.Passage || d.Kind == act.Document || d.Kind == act.Package; derived && (name == "counter" || name == "report") {
		return plan.Choice{}, false
	}
	i := slices.IndexFunc(d.Choices, func(c plan.Choice) bool { return c.Act == name })
	if i < 0 || !d.sc.may(need) {
		return plan.Choice{}, false
	}
	return d.Choices[i], true
}

// accepts are the texts that the party can accept, where the person may.
func (d elementData) accepts() (out []plan.Choice) { return d.choicesOf("accept", act.MayAccept) }

// lifts are the party's own reservations that can be lifted.
func (d elementData) lifts() (out []plan.Choice) {
	for _, c := range d.Choices {
		if c.Act == "lift" && d.sc.may(act.MayRemark) {
			out = append(out, c)
		}
	}
	return out
}

// deed is the address of the page of an act on the element.
func (d elementData) deed(name, query string) string {
	at := d.sc.href(d.Ref, "/act/"+name)
	if query != "" {
		at += "?" + query
	}
	return at
}

// excerpt is what is a position's own in its text, in the reader's language: the words that its
// base does not have, with what stands between and a little of what follows; or the beginning.
func (c scene) excerpt(p plan.Position) templ.Component {
	v := c.best(p.Text)
	spans, compared := spansIn(p.Spans, v.Lang)
	if p.Content.Quote != "" {
		return quoted(p.Content.Quote)
	}
	own := compared && slices.ContainsFunc(spans, func(s text.Span) bool { return s.Op == text.Put && strings.TrimSpace(s.Text) != "" })
	if !own {
		if v.Text == "" {
			v = c.best(p.Title)
		}
		return version(text.Version{Lang: v.Lang, Text: shortened(v.Text, maxExcerpt)})
	}
	return inked(func(k *ink) {
		k.raw(`<span lang="` + string(v.Lang) + `" dir="` + v.Lang.Dir() + `">`)
		begun, left := false, maxExcerpt
		for i, s := range spans {
			switch {
			case s.Op == text.Put && left > 0:
				k.raw(`<b class="m">`)
				k.words(shortened(s.Text, left))
				k.raw(`</b>`)
				begun = true
			case s.Op == text.Same && begun && left > 0:
				most := left
				if !slices.ContainsFunc(spans[i:], func(s text.Span) bool { return s.Op == text.Put }) {
					most = min(left, maxFollowing)
				}
				k.words(shortened(s.Text, most))
			default:
				continue
			}
			left -= len([]rune(s.Text))
		}
		k.raw(`</span>`)
	})
}

// quoted shows words of a statement; their language is that of the letters.
func quoted(s string) templ.Component {
	return inked(func(k *ink) {
		k.raw(`<span class="serif" dir="auto">“`)
		k.words(s)
		k.raw(`”</span>`)
	})
}

// holdings are the positions, those of one text together.
func (d elementData) holdings() (out [][]plan.Position) {
next:
	for _, p := range d.Positions {
		for i := range out {
			if out[i][0].Revision.ID == p.Revision.ID {
				out[i] = append(out[i], p)
				continue next
			}
		}
		out = append(out, []plan.Position{p})
	}
	return out
}

// theirs reports whether a text is held by others alone.
func (d elementData) theirs(held []plan.Position) bool {
	return !slices.ContainsFunc(held, func(p plan.Position) bool { return p.Own })
}

// leading is the revision that is being asked about, or else the one in force or last shown.
func (d elementData) leading() *plan.RevisionRef {
	if i := d.lead(); i >= 0 {
		return d.Positions[i].Revision
	}
	return d.Shown
}

// lead is the position with the latest text that is not in force; -1 for none.
func (d elementData) lead() int {
	best := -1
	for i, p := range d.Positions {
		if !p.InForce && (best < 0 || p.Revision.Number > d.Positions[best].Revision.Number) {
			best = i
		}
	}
	return best
}

const (
	maxExcerpt   = 160 // letters of a position in a list
	maxFollowing = 28  // letters after what is its own
)

// shortened cuts a text at the end of a word.
func shortened(s string, letters int) string {
	r := []rune(s)
	if len(r) <= letters {
		return s
	}
	cut := string(r[:letters])
	if i := strings.LastIndexByte(cut, ' '); i > 0 {
		cut = cut[:i]
	}
	return cut + "…"
}

// turnLine says in one sentence whose turn it is, and why.
func turnLine(sc scene, d plan.Dossier) templ.Component {
	if d.Status != plan.InBrackets {
		return standLine(sc, d)
	}
	if d.LastMove == nil {
		return ui.Words("")
	}
	parts := ui.Parts{"Party": ui.Badge(sc.party(d.LastMove.Party), ui.Speaks), "When": ago(d.LastMove.At)}
	list := []templ.Component{ui.Say(moveKey(d.LastMoveIs), parts)}
	switch others := slices.DeleteFunc(slices.Clone(d.TurnOf), func(c party.Code) bool { return c == sc.code() }); {
	case d.Turn && len(others) > 0:
		list = append(list, ui.Say("turn.everybody", ui.Parts{"Party": ui.Badges(sc.parties(others))}))
	case d.Turn:
		list = append(list, strongWords("turn.yours"))
	case len(others) > 0:
		list = append(list, ui.Say("turn.theirs", ui.Parts{"Party": ui.Badges(sc.parties(others))}))
	}
	if d.Crossed {
		list = append(list, said("turn.crossed"))
	}
	return ui.Join(list...)
}

// standLine says how an element stands that is not open.
func standLine(sc scene, d plan.Dossier) templ.Component {
	switch {
	case d.Status == plan.Withdrawn:
		return said("stand.withdrawn")
	case d.Status == plan.Removed:
		return said("stand.removed")
	case d.Status == plan.Reserved:
		var who []party.Code
		for _, s := range d.Stands {
			if s.State == plan.Reserves {
				who = append(who, s.Party)
			}
		}
		return ui.Say("stand.reserved", ui.Parts{"Party": ui.Badges(sc.parties(who))})
	case len(d.Adopted) > 1:
		return said("stand.amended")
	}
	return said("stand.agreed")
}

// moveKey tells what the last move was.
func moveKey(move string) locale.Key {
	switch move {
	case "countered":
		return "move.countered"
	case "accepted":
		return "move.accepted"
	case "withdrawn":
		return "move.withdrawn"
	case "removal":
		return "move.removal"
	}
	return "move.proposed"
}

// said is a sentence of the pages as a component.
func said(key locale.Key) templ.Component { return ui.Say(key, nil) }

func strongWords(key locale.Key) templ.Component {
	return inked(func(k *ink) {
		k.raw("<b>")
		k.words(locale.T(k.ctx, key))
		k.raw("</b>")
	})
}

// ago says how long since a time that an act gives; the exact one stands in its title.
func ago(ms int64) templ.Component {
	return inked(func(k *ink) {
		t := when(ms)
		k.raw(`<time datetime="` + t.UTC().Format("2006-01-02T15:04Z") + `" title="`)
		k.words(locale.Deadline(k.ctx, t))
		k.raw(`">`)
		k.words(locale.Ago(k.ctx, t))
		k.raw(`</time>`)
	})
}

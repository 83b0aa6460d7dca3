package chancery_test

import (
	"fmt"
	"strings"
	"testing"

	"entente/act"
	"entente/internal/chancery"
	"entente/ledger"
	"entente/plan"
	"entente/text"
)

// A liar writes whatever it likes into its party's log, past every door, and signs it.
type liar struct {
	t    *testing.T
	h    *home
	log  ledger.Log
	book *ledger.Book
	sent uint64
	to   *home
}

func newLiar(t *testing.T, h, to *home) *liar {
	t.Helper()
	g := h.plenary()
	l := &liar{t: t, h: h, to: to}
	for _, s := range g.Heads() {
		if s.Log.Party == g.Self() {
			l.log = s.Log
		}
	}
	l.book = ledger.NewBook(l.log, h.card.Signing)
	g.Book(l.log, func(b *ledger.Book) {
		var leaves [][]byte
		for i := range b.Size() {
			leaves = append(leaves, []byte(b.Leaf(i)))
		}
		batch, err := l.book.Draft(h.keys.Signing(), leaves...)
		if err == nil {
			err = l.book.Apply(batch)
		}
		if err != nil {
			t.Fatal(err)
		}
	})
	l.sent = l.book.Size()
	return l
}

// act is the body at the end of the log, as if n leaves came before it in this sending.
func (l *liar) act(n int, body act.Body) []byte {
	l.t.Helper()
	leaf, err := act.Encode(act.Act{Group: l.log.Group, Party: l.log.Party, Epoch: l.log.Epoch, Index: l.book.Size() + uint64(n), At: 1, Body: body})
	if err != nil {
		l.t.Fatal(err)
	}
	return leaf
}

// send signs leaves and gives them to the other side.
func (l *liar) send(leaves ...[]byte) (chancery.Taken, error) {
	l.t.Helper()
	from := l.book.Size()
	batch, err := l.book.Draft(l.h.keys.Signing(), leaves...)
	if err == nil {
		err = l.book.Apply(batch)
	}
	if err != nil {
		l.t.Fatal(err)
	}
	return l.to.plenary().Take(l.t.Context(), l.h.card.Code, []chancery.Delta{{Log: l.log, From: from, Leaves: leaves, Note: l.book.Head().Note()}})
}

func (l *liar) say(bodies ...act.Body) {
	l.t.Helper()
	var leaves [][]byte
	for i, b := range bodies {
		leaves = append(leaves, l.act(i, b))
	}
	if _, err := l.send(leaves...); err != nil {
		l.t.Fatal(err)
	}
}

// looks calls up every page's data: none may fail, whatever stands in the logs.
func looks(h *home, refs ...act.Ref) {
	h.plenary().View(func(p *plan.State) {
		p.Briefing(plan.BriefingQuery{Viewer: 0, Today: "2017-12-12"})
		p.Outline(plan.OutlineQuery{})
		for _, view := range []string{plan.WithBrackets, plan.AgreedText, plan.ChangesSince} {
			p.Document(plan.DocumentQuery{View: view})
		}
		p.Negotiation(plan.NegotiationQuery{})
		p.Statements()
		p.Gaps()
		p.Search("words", 100)
		for _, ref := range refs {
			p.Dossier(ref, 0)
			p.Coverage(ref)
			for _, r := range p.Revisions(ref) {
				p.Compare(r.ID, r.ID)
			}
		}
	})
}

// TestALiarsLog: a counterpart signs whatever it likes: circles of parents, chains without end,
// remarks on what is not there, kinds that change, sights of what never was. All of it is taken,
// judged, shown, and stored; the others' work goes on; and a server that starts again sees the same.
func TestALiarsLog(t *testing.T) {
	const many = 3000
	table := func(ref act.Ref, c act.Content) act.Body { return act.Table{Element: ref, Content: c} }
	long := names(strings.TrimSpace(strings.Repeat("a ", text.MaxText/2-1)))
	var chain, goals, reservations, revisions []act.Body
	for i := range many {
		ref, up := act.Ref(fmt.Sprintf("A-%d", many-i)), act.Ref(fmt.Sprintf("A-%d", many-i+1))
		chain = append(chain, table(ref, act.Content{Kind: act.Action, Parent: up, Text: names("words")}))
		goals = append(goals, table(act.Ref(fmt.Sprintf("G-%d", i+10)), act.Content{Kind: act.Goal, Text: names("words")}))
		reservations = append(reservations, act.Remark{Element: "G-1", Sort: act.Reservation, Text: names("words")})
		revisions = append(revisions, table("G-1", act.Content{Kind: act.Goal, Text: names(fmt.Sprint("words ", i))}))
	}
	circle := append(chain[1:len(chain):len(chain)], table(act.Ref(fmt.Sprintf("A-%d", many)), act.Content{Kind: act.Action, Parent: "A-1", Text: names("words")}))
	id := act.LeafHash([]byte("nothing"))
	for name, bodies := range map[string][]act.Body{
		"a chain of parents, children first": chain,
		"a circle of parents":                circle,
		"its own parent":                     {table("A-1", act.Content{Kind: act.Action, Parent: "A-1", Text: names("words")})},
		"very many elements":                 goals,
		"very many reservations":             reservations,
		"very many revisions":                revisions,
		"texts as long as they may be":       {table("C-1", act.Content{Kind: act.Clause, Text: long}), table("G-1", act.Content{Kind: act.Goal, Text: long})},
		"what is not there": {act.Remark{Element: "G-99", Sort: act.Comment, Text: names("words")}, act.Remark{Element: "G-1", Lifts: id, Sort: act.Reservation, Text: names("words")},
			act.Report{Element: "Z-1", AsOf: "2017-12-12", Progress: act.Done}, act.Accept{Element: "G-1", Revision: id}, act.Confirm{Element: "G-1", Revision: id},
			act.Withdraw{Element: "G-98", Reason: names("words")}},
		"kinds that change":           {table("G-1", act.Content{Kind: act.Action, Text: names("words")}), table("A-1", act.Content{Kind: act.Statement, Title: names("words"), Text: names("words")})},
		"a passage of nothing":        {table("P-1", act.Content{Kind: act.Passage, Parent: "S-7", Paragraph: 1 << 30, Quote: "words"})},
		"a passage beyond the text":   {table("S-1", act.Content{Kind: act.Statement, Title: names("S"), Text: names("words")}), table("P-1", act.Content{Kind: act.Passage, Parent: "S-1", Paragraph: 9, Quote: "other"})},
		"a document of what is not":   {table("D-1", act.Content{Kind: act.Document, Title: names("D"), Contains: []act.Contained{{Element: "G-9", Revision: id}}, Digests: []act.Digest{{Lang: "en", Sum: id}}})},
		"a charter again":             {act.Constitute{Charter: "words"}},
		"an epoch in the midst":       {act.Resume{Epoch: 7, Size: 1, Root: id}},
		"a delegation of everybody's": {act.Accredit{Delegates: []act.Delegate{{Person: "d.reyes", Name: names("D. Reyes"), Powers: act.MayConvene}}}},
	} {
		t.Run(name, func(t *testing.T) {
			us, il := linked(t)
			us.admit(goal("G-1", "Our words."))
			l := newLiar(t, il, us)
			l.say(bodies...)
			looks(us, "G-1", "A-1", "P-1", "S-1", "D-1", "C-1", "A-3000")
			us.admit(goal("G-2", "The others go on."))
			if n := us.plenary().Powers(us.who); !n.Has(act.MayConvene) {
				t.Error("our own delegation has changed")
			}
			var was, is plan.Totals
			us.plenary().View(func(p *plan.State) { was = p.Totals() })
			us.Chancery.Close()
			us.open()
			us.plenary().View(func(p *plan.State) { is = p.Totals() })
			if was != is {
				t.Errorf("%+v, and after starting again %+v", was, is)
			}
			looks(us, "G-1", "A-1")
		})
	}
}

// TestALiarsSight: acts that name what never was, or not yet, bind nobody and stop nobody.
func TestALiarsSight(t *testing.T) {
	us, il := linked(t)
	ours := us.admit(goal("G-1", "Our words.")).ID
	l := newLiar(t, il, us)
	at := func(n int, seen []act.Seen, b act.Body) []byte {
		leaf, err := act.Encode(act.Act{Group: l.log.Group, Party: l.log.Party, Index: l.book.Size() + uint64(n), At: 1, Seen: seen, Body: b})
		if err != nil {
			t.Fatal(err)
		}
		return leaf
	}
	accept := act.Accept{Element: "G-1", Revision: ours}
	wrong := []act.Seen{{Party: 0, Size: 3, Root: act.LeafHash(nil)}}
	var all []act.Seen
	for p := range uint8(act.MaxParties) {
		if p != l.log.Party {
			all = append(all, act.Seen{Party: p, Epoch: 1<<32 - 1, Size: act.MaxIndex})
		}
	}
	if _, err := l.send(at(0, wrong, accept), at(1, all, accept), at(2, []act.Seen{{Party: 0, Size: 1 << 40}}, accept)); err != nil {
		t.Fatal(err)
	}
	for i := range 20 {
		us.admit(goal(act.Ref(fmt.Sprintf("G-%d", i+2)), "The others go on."))
	}
	looks(us, "G-1")
	if us.status("G-1") == plan.Agreed {
		t.Error("a text was adopted that nobody has seen held")
	}
}

// TestLeavesThatAreNoActs: entries of another group, another place, or of no act at all are void
// where they stand, and what comes after them counts.
func TestLeavesThatAreNoActs(t *testing.T) {
	us, il := linked(t)
	l := newLiar(t, il, us)
	other, err := act.Encode(act.Act{Group: act.LeafHash(nil), Party: l.log.Party, Index: l.book.Size() + 2, At: 1, Body: goal("G-7", "Elsewhere.")})
	if err != nil {
		t.Fatal(err)
	}
	posing, err := act.Encode(act.Act{Group: l.log.Group, Party: 0, Index: l.book.Size() + 3, At: 1, Body: goal("G-8", "As somebody else.")})
	if err != nil {
		t.Fatal(err)
	}
	big := []byte(strings.Repeat("\xff", act.MaxLeaf))
	if _, err := l.send([]byte("x"), big, other, posing, l.act(0, goal("G-5", "In the wrong place.")), l.act(5, goal("G-6", "This counts."))); err != nil {
		t.Fatal(err)
	}
	us.plenary().View(func(p *plan.State) {
		for ref, want := range map[act.Ref]bool{"G-5": false, "G-6": true, "G-7": false, "G-8": false} {
			if (p.Element(ref) != nil) != want {
				t.Errorf("%s: there is one: %v", ref, !want)
			}
		}
	})
	looks(us, "G-6")
}

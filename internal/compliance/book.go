package compliance

import (
	"maps"
	"slices"

	"entente/act"
	"entente/marking"
	"entente/party"
	"entente/plan"
)

// A Book is what is observed in one group. One goroutine may advance it while none reads; any number
// may read while none advances it.
type Book struct {
	accounts map[act.Ref]*account
	order    []act.Ref           // agreements and then programmes, as the plan lists them
	under    map[act.Ref]act.Ref // by obligation, the agreement that it stands under
	units    *words
	sources  *roll
	margin   []Extra // of the national margin, on top of what the acts say
	base     *Book   // without them; nil where there are none
	recounts *recounts
}

// An Extra is a reading that is in no act of the group: one of the national margin, and one that stands
// there. What it replaces of the acts' readings goes on to stand beside it.
type Extra struct {
	Agreement act.Ref
	Party     uint8 // whose margin it is
	By        party.Person
	At        int64 // when it was entered, in milliseconds since 1970
	Reading   act.Reading
	Source    act.Citation
	Marking   *marking.Label
}

// NewBook is the book of a plan, with all that has been judged in it.
func NewBook(p *plan.State) *Book {
	b := newBook()
	b.list(p)
	for _, ref := range b.order {
		b.open(p, ref)
	}
	return b
}

// newBookOf is a book of one agreement alone; empty where there is none of that reference.
func newBookOf(p *plan.State, agreement act.Ref) *Book {
	b := newBook()
	b.list(p)
	if b.order = slices.DeleteFunc(b.order, func(r act.Ref) bool { return r != agreement }); len(b.order) > 0 {
		b.open(p, agreement)
	}
	return b
}

func newBook() *Book {
	return &Book{accounts: map[act.Ref]*account{}, under: map[act.Ref]act.Ref{}, units: &words{}, sources: &roll{}, recounts: &recounts{}}
}

// list takes over from the plan which agreements and programmes there are, and forgets what is no more.
func (b *Book) list(p *plan.State) {
	b.order = b.order[:0:0]
	for _, e := range p.Agreements() {
		if s := e.Status(); s != plan.Withdrawn && s != plan.Removed {
			b.order = append(b.order, e.Ref())
		}
	}
	maps.DeleteFunc(b.accounts, func(ref act.Ref, _ *account) bool { return !slices.Contains(b.order, ref) })
	maps.DeleteFunc(b.under, func(_, up act.Ref) bool { return b.accounts[up] == nil })
}

// open makes an account anew.
func (b *Book) open(p *plan.State, ref act.Ref) {
	a := &account{ref: ref, columns: map[string]*column{}, attested: map[plan.Place]bool{}, taken: make([]uint32, len(p.Parties()))}
	b.accounts[ref] = a
	b.read(p, a)
	b.watch(p, a, nil)
}

// Advance takes up what acts about the given elements have changed. It costs what is about the
// agreements touched; of their readings only the quantities touched are put in order anew, and of their
// obligations only those touched are read anew.
func (b *Book) Advance(p *plan.State, touched []act.Ref) {
	again := map[act.Ref]map[act.Ref]bool{} // by agreement, the obligations touched
	mark := func(agreement, obligation act.Ref) {
		if again[agreement] == nil {
			again[agreement] = map[act.Ref]bool{}
		}
		again[agreement][obligation] = true
	}
	for _, ref := range touched {
		e := p.Element(ref)
		if e == nil {
			continue
		}
		if up, ok := b.under[ref]; ok {
			mark(up, ref)
		}
		switch e.Kind() {
		case act.Agreement, act.Programme:
			mark(ref, "")
		case act.Obligation, act.Milestone:
			mark(e.Parent(), ref)
		case act.Extension:
			mark(b.under[e.Parent()], e.Parent())
		}
	}
	if len(again) == 0 {
		return
	}
	b.list(p)
	for _, ref := range slices.Sorted(maps.Keys(again)) {
		if !slices.Contains(b.order, ref) {
			continue
		}
		a := b.accounts[ref]
		if a == nil {
			b.open(p, ref)
			continue
		}
		b.read(p, a)
		b.watch(p, a, again[ref])
	}
}

// With is the same book with readings of the national margin on top. The book itself and its columns
// are not touched; what it has is shared.
func (b *Book) With(extra []Extra) *Book {
	out := *b
	out.accounts = maps.Clone(b.accounts)
	out.margin = slices.Concat(b.margin, extra)
	if out.base == nil {
		out.base = b
	}
	fresh := map[act.Ref]map[string][]entry{}
	for i := range extra {
		x := &extra[i]
		if b.accounts[x.Agreement] == nil {
			continue
		}
		e, ok := b.entryOf(&x.Reading, b.sources.id(witness(&x.Source)))
		if !ok {
			continue
		}
		e.at, e.party, e.ordinal, e.flags = x.At, x.Party, uint32(len(b.margin)+i), ofMargin
		if fresh[x.Agreement] == nil {
			fresh[x.Agreement] = map[string][]entry{}
		}
		fresh[x.Agreement][x.Reading.Quantity] = append(fresh[x.Agreement][x.Reading.Quantity], e)
	}
	for ref, columns := range fresh {
		out.accounts[ref] = b.accounts[ref].with(columns)
	}
	return &out
}

// Readings is how many readings are kept, those that stand no more too.
func (b *Book) Readings() (n int) {
	for _, a := range b.accounts {
		for _, c := range a.columns {
			n += len(c.entries)
		}
	}
	return n
}

// Agreements lists the agreements and then the programmes that are watched.
func (b *Book) Agreements() []act.Ref { return b.order }

// accountOf finds the account of an obligation or of an agreement itself.
func (b *Book) accountOf(ref act.Ref) (*account, *watch) {
	if a := b.accounts[ref]; a != nil {
		return a, nil
	}
	a := b.accounts[b.under[ref]]
	if a == nil {
		return nil, nil
	}
	return a, a.byRef[ref]
}

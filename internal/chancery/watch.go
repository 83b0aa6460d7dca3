package chancery

import (
	"sync"

	"entente/act"
	"entente/internal/compliance"
	"entente/plan"
)

// # What is watched
//
// Beside the plan a group has the book of what is observed in it. It is made when somebody first asks
// for it, and brought up to the plan when somebody asks again; a writer only notes which elements it
// touched, and that only where there is a book. A group that is never asked pays nothing, and one in
// which there is no agreement next to nothing. Whenever the group is read again from its logs its plan
// is another one, and the book of the old plan is let go.

// maxBehind is how many elements a book is brought up to one by one: with more, it is made anew.
const maxBehind = 1 << 12

// A watch is the book of one plan, and what has been touched since it was last brought up to it. The
// group's lock is held, for reading or for writing, by whoever uses it.
type watch struct {
	mu     sync.Mutex // among readers
	of     *plan.State
	book   *compliance.Book
	behind map[act.Ref]bool
}

// touch notes elements that acts were about. The group's lock is held for writing.
func (w *watch) touch(p *plan.State, refs []act.Ref) {
	if w.of != p {
		w.of, w.book, w.behind = nil, nil, nil
		return
	}
	if len(p.Agreements()) == 0 {
		return // a book of nothing is still right
	}
	for _, ref := range refs {
		if w.behind == nil {
			w.behind = make(map[act.Ref]bool, len(refs))
		}
		w.behind[ref] = true
	}
	if len(w.behind) > maxBehind {
		w.of, w.book, w.behind = nil, nil, nil
	}
}

// look is the book as the plan stands. Nobody reads the book while it changes: it is behind only once
// a writer had the lock, and then for the first who asks after that.
func (w *watch) look(p *plan.State) *compliance.Book {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.of != p {
		w.of, w.book, w.behind = p, compliance.NewBook(p), nil
	}
	if len(w.behind) > 0 {
		refs := make([]act.Ref, 0, len(w.behind))
		for ref := range w.behind {
			refs = append(refs, ref)
		}
		w.book.Advance(p, refs)
		w.behind = nil
	}
	return w.book
}

// Watch calls f with the folded plan and with the book of what is observed in it. As with View, f takes
// copies of what it needs and keeps no pointers.
func (g *Group) Watch(f func(*plan.State, *compliance.Book)) {
	g.mu.RLock()
	defer g.mu.RUnlock()
	f(g.plan, g.watch.look(g.plan))
}

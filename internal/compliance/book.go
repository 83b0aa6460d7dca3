package compliance

import (
	"entente/act"
	"entente/plan"
)

// A Book is what is observed in one group. One goroutine may advance it while none reads; any number
// may read while none advances it.
type Book struct{}

// NewBook is the book of a plan, with all that has been judged in it.
func NewBook(p *plan.State) *Book { return &Book{} }

// Advance takes up what acts about the given elements have changed.
func (b *Book) Advance(p *plan.State, touched []act.Ref) {}

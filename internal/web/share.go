package web

import (
	"sync"

	"entente/party"
)

// Shares count what persons have of something that there is a bounded number of, so that none has so
// much of it that nothing is left for the others. The zero value counts nothing yet.
type shares struct {
	mu  sync.Mutex
	of  map[party.Person]int
	all int
}

// take counts one more for a person; false, and nothing, where that person has its share already,
// or all together have all there is.
func (s *shares) take(who party.Person, each, all int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.of[who] >= each || s.all >= all {
		return false
	}
	if s.of == nil {
		s.of = map[party.Person]int{}
	}
	s.of[who]++
	s.all++
	return true
}

// give counts one less.
func (s *shares) give(who party.Person) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all--
	if s.of[who]--; s.of[who] == 0 {
		delete(s.of, who)
	}
}

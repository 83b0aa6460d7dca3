package accord

import (
	"slices"
	"sort"

	"entente/act"
)

// A sight is what one entry had seen of all logs, and what is wrong with that.
type sight struct {
	seen    []int
	changed bool // differs from what the log's previous entry had seen
	open    bool // not closed
	flaw    Reason
}

// look works out what an entry had seen. here is false while some of that has not been judged.
//
// A prefix whose root is wrong, and one that goes back behind what was seen before, do not
// count; the rest does.
func (s *State) look(logs Logs, p uint8, m Move) (v sight, here bool) {
	l := &s.logs[p]
	v = sight{seen: l.seen, open: l.open}
	for _, n := range m.Seen {
		if int(n.Party) >= len(s.logs) || n.Party == p {
			v.flaw = v.flaw.or(SeenStranger)
			continue
		}
		count, root, ok := logs.Prefix(n.Party, n.Epoch, n.Size)
		if !ok || count > s.logs[n.Party].judged {
			return v, false
		}
		v.take(n, count, root)
	}
	if v.changed || v.open {
		v.open = !s.closed(p, v.seen)
	}
	if v.open {
		v.flaw = v.flaw.or(SeenOpen)
	}
	return v, true
}

func (v *sight) take(n act.Seen, count int, root act.Hash) {
	switch {
	case root != n.Root:
		v.flaw = v.flaw.or(SeenRoot)
	case count < v.seen[n.Party]:
		v.flaw = v.flaw.or(SeenBack)
	case count > v.seen[n.Party]:
		if !v.changed {
			v.seen, v.changed = slices.Clone(v.seen), true
		}
		v.seen[n.Party] = count
	}
}

// closed reports whether whatever the acts seen had seen is seen as well. Along a log what was
// seen only grows, so that its last seen act speaks for all before it.
func (s *State) closed(p uint8, seen []int) bool {
	for q := range s.logs {
		if q == int(p) || seen[q] == 0 {
			continue
		}
		for other, n := range s.logs[q].sawAt(seen[q] - 1) {
			if other != int(p) && n > seen[other] && other != q {
				return false
			}
		}
	}
	return true
}

// sawAt is what the log's entry with this ordinal had seen; nil for nothing.
func (l *log) sawAt(ordinal int) []int {
	i := sort.Search(len(l.past), func(i int) bool { return l.past[i].ordinal > ordinal })
	if i == 0 {
		return nil
	}
	return l.past[i-1].seen
}

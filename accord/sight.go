package accord

import "sort"

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
func (s *State) look(logs Logs, p uint8, m *Move) (v sight, here bool) {
	l := &s.logs[p]
	v = sight{seen: l.seen, open: l.open}
	for i := range m.Seen {
		n := &m.Seen[i]
		if int(n.Party) >= len(s.logs) || n.Party == p {
			v.flaw = v.flaw.or(SeenStranger)
			continue
		}
		count, root, ok := logs.Prefix(n.Party, n.Epoch, n.Size)
		if !ok || count > s.logs[n.Party].judged {
			return v, false
		}
		switch {
		case root != n.Root:
			v.flaw = v.flaw.or(SeenRoot)
		case count < v.seen[n.Party]:
			v.flaw = v.flaw.or(SeenBack)
		case count > v.seen[n.Party]:
			if !v.changed {
				copy(s.sight, l.seen)
				v.seen, v.changed = s.sight, true
			}
			v.seen[n.Party] = count
		}
	}
	if v.changed || v.open {
		v.open = !s.closed(p, v.seen)
	}
	if v.open {
		v.flaw = v.flaw.or(SeenOpen)
	}
	return v, true
}

// closed reports whether whatever the acts seen had seen is seen as well. Along a log what was
// seen only grows, so that its last seen act speaks for all before it; and where nothing more
// of a log is seen than before, and that was closed, there is nothing new to look at.
func (s *State) closed(p uint8, seen []int) bool {
	l := &s.logs[p]
	for q, n := range seen {
		if q == int(p) || n == 0 || (n == l.seen[q] && !l.open) {
			continue
		}
		for other, had := range s.sawAt(uint8(q), n-1) {
			if other != int(p) && other != q && int(had) > seen[other] {
				return false
			}
		}
	}
	return true
}

// marks is how a log came to see what it has seen: one row of as many numbers as there are
// parties each time that changed. A row holds how much of every other log was seen, and in the
// writer's own place the ordinal of the entry from which that was so.
type marks []uint32

// mark adds a row.
func (l *log) mark(p uint8, seen []int) {
	from := len(l.marks)
	for _, n := range seen {
		l.marks = append(l.marks, uint32(n))
	}
	l.marks[from+int(p)] = uint32(l.judged)
}

// sawAt is the row that tells what the log's entry with this ordinal had seen; nil for nothing.
func (s *State) sawAt(p uint8, ordinal int) []uint32 {
	m, width := s.logs[p].marks, len(s.logs)
	i := sort.Search(len(m)/width, func(i int) bool { return int(m[i*width+int(p)]) > ordinal })
	if i == 0 {
		return nil
	}
	return m[(i-1)*width : i*width]
}

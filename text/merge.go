package text

import (
	"slices"
	"strings"
)

// piece is a stretch of several texts laid side by side: either the same in all
// of them, or what each of them has there.
type piece struct {
	same string
	alts []string // by text; nil where all have the same
}

// merge lays texts side by side. The pieces of any one text, joined, are that
// text. Words that are in base too are kept together first; base may be empty.
func (al *aligner) merge(base string, texts []string) []piece {
	if len(texts) == 0 {
		return nil
	}
	al.price = lowIsland
	if len(texts) == 2 {
		al.price = minIsland
	}
	m := &merger{texts: texts, units: make([][]unit, len(texts))}
	for s, t := range texts {
		m.units[s] = al.units(t)
	}
	m.chain = al.anchored(al.units(base), m.units)
	m.kept = make([]bool, len(m.chain))
	for k := range m.kept {
		m.kept[k] = true
	}
	m.dropIslands()
	m.balance()
	pieces := slices.Concat([]piece{{}}, m.pieces(), []piece{{}}) // an addition has neighbours to slide into
	for n := 1; n < len(pieces)-1; n++ {
		slide(pieces, n)
	}
	return tidy(pieces)
}

// anchored finds what texts have in common, first what they also share with
// base, then what lies between.
func (al *aligner) anchored(base []unit, texts [][]unit) chain {
	if len(base) == 0 || len(texts) == 1 {
		return al.common(texts)
	}
	var out chain
	from := make([]int, len(texts))
	between := func(to []int) {
		gap := make([][]unit, len(texts))
		for s := range gap {
			gap[s] = texts[s][from[s]:to[s]]
		}
		for _, at := range al.common(gap) {
			for s := range at {
				at[s] += from[s]
			}
			out = append(out, at)
		}
	}
	for _, at := range al.common(append([][]unit{base}, texts...)) {
		between(at[1:])
		out = append(out, at[1:])
		for s := range from {
			from[s] = at[1+s] + 1
		}
	}
	end := make([]int, len(texts))
	for s := range end {
		end[s] = len(texts[s])
	}
	between(end)
	return out
}

// merger is the state of one merge.
type merger struct {
	texts []string
	units [][]unit
	chain chain
	kept  []bool // members of the chain that stand as common text
}

// gap returns what text s has between members j and k of the chain; -1 is the
// start of the text, len(chain) its end.
func (m *merger) gap(s, j, k int) string {
	from, to := 0, len(m.texts[s])
	if j >= 0 {
		from = m.units[s][m.chain[j][s]].to
	}
	if k < len(m.chain) {
		to = m.units[s][m.chain[k][s]].from
	}
	return m.texts[s][from:to]
}

// sameGap reports whether all texts have the same between members j and k.
func (m *merger) sameGap(j, k int) bool {
	first := m.gap(0, j, k)
	for s := 1; s < len(m.texts); s++ {
		if m.gap(s, j, k) != first {
			return false
		}
	}
	return true
}

// minShare is the least length that common words between two differences must
// have to stand by themselves, as a part (1/minShare) of the shorter difference.
const minShare = 5

// dropIslands gives up common words that stand between two differences and are
// too few or too short, or too short beside those, to be read by themselves.
func (m *merger) dropIslands() {
	for from := 0; from < len(m.chain); {
		to := from + 1
		for to < len(m.chain) && m.sameGap(to-1, to) {
			to++
		}
		var weight int32
		for k := from; k < to; k++ {
			weight += m.units[0][m.chain[k][0]].weight
		}
		inner := (from > 0 || !m.sameGap(-1, 0)) && (to < len(m.chain) || !m.sameGap(to-1, to))
		if inner && (weight < minIsland || m.lost(from, to)) && m.joinable(from, to) {
			for k := from; k < to; k++ {
				m.kept[k] = false
			}
		}
		from = to
	}
}

// lost reports whether members from to to-1 are drowned by the differences on
// both sides of them.
func (m *merger) lost(from, to int) bool {
	before, after := 0, 0
	for s := range m.texts {
		before = max(before, len(m.gap(s, from-1, from)))
		after = max(after, len(m.gap(s, to-1, to)))
	}
	own := m.units[0][m.chain[to-1][0]].to - m.units[0][m.chain[from][0]].from
	return own*minShare < min(before, after)
}

// joinable reports whether the differences on both sides of members from to to-1
// can be made one without more alternatives than the greater of them has.
func (m *merger) joinable(from, to int) bool {
	before, after := m.readings(from-1, from), m.readings(to-1, to)
	return len(m.texts) == 2 || m.readings(from-1, to) <= max(before, after)
}

// readings counts the different things that texts have between members j and k.
func (m *merger) readings(j, k int) int {
	seen := make(map[string]bool, len(m.texts))
	for s := range m.texts {
		seen[m.gap(s, j, k)] = true
	}
	return len(seen)
}

// pieces cuts the texts at the kept members.
func (m *merger) pieces() []piece {
	var out []piece
	last := -1
	for k := 0; k <= len(m.chain); k++ {
		if k < len(m.chain) && !m.kept[k] {
			continue
		}
		out = append(out, m.between(last, k)...)
		if k < len(m.chain) {
			u := m.units[0][m.chain[k][0]]
			out = append(out, piece{same: m.texts[0][u.from:u.to]})
		}
		last = k
	}
	return tidy(out)
}

// between makes pieces of what the texts have between members j and k: the
// spaces that all begin or end with are common.
func (m *merger) between(j, k int) []piece {
	alts := make([]string, len(m.texts))
	for s := range alts {
		alts[s] = m.gap(s, j, k)
	}
	if !differ(alts) {
		return []piece{{same: alts[0]}}
	}
	lead := alts[0][:run(alts[0], blank)]
	for _, a := range alts {
		if a[:run(a, blank)] != lead {
			lead = ""
		}
	}
	tail := trailing(alts[0][len(lead):])
	for _, a := range alts {
		if trailing(a[len(lead):]) != tail {
			tail = ""
		}
	}
	for s, a := range alts {
		alts[s] = a[len(lead) : len(a)-len(tail)]
	}
	return []piece{{same: lead}, {alts: alts}, {same: tail}}
}

// trailing returns the spaces and tabs at the end of s.
func trailing(s string) string { return s[len(strings.TrimRightFunc(s, blank)):] }

// differ reports whether not all of list are the same.
func differ(list []string) bool {
	for _, s := range list {
		if s != list[0] {
			return true
		}
	}
	return false
}

// tidy joins neighbouring common pieces, and neighbouring differences, and leaves
// empty pieces out.
func tidy(pieces []piece) []piece {
	var out []piece
	for i := 0; i < len(pieces); {
		if pieces[i].alts == nil {
			end := i + 1
			for end < len(pieces) && pieces[end].alts == nil {
				end++
			}
			if same := commonWords(pieces[i:end]); same != "" {
				out = append(out, piece{same: same})
			}
			i = end
			continue
		}
		if n := len(out); n > 0 && out[n-1].alts != nil {
			for s, alt := range pieces[i].alts {
				out[n-1].alts[s] += alt
			}
		} else {
			out = append(out, pieces[i])
		}
		i++
	}
	return out
}

// commonWords joins what pieces have in common.
func commonWords(pieces []piece) string {
	if len(pieces) == 1 {
		return pieces[0].same
	}
	size := 0
	for _, p := range pieces {
		size += len(p.same)
	}
	var b strings.Builder
	b.Grow(size)
	for _, p := range pieces {
		b.WriteString(p.same)
	}
	return b.String()
}

// only returns the one text that p adds, if some texts have it there and the
// others have nothing.
func (p piece) only() (string, bool) {
	found := ""
	for _, a := range p.alts {
		if a == "" || a == found {
			continue
		}
		if found != "" {
			return "", false
		}
		found = a
	}
	return found, found != "" && slices.Contains(p.alts, "")
}

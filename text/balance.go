package text

import (
	"strings"
	"unicode/utf8"
)

// maxReach is how many common words on each side a difference may draw in to
// complete a pair of parentheses.
const maxReach = 8

// balance widens differences that hold half of a pair of parentheses or
// quotation marks until they hold the whole of it: "[US: thirty (30)]" and not
// "[US: thirty (30]".
func (m *merger) balance() {
	last := -1
	for k := 0; k <= len(m.chain); k++ {
		if k < len(m.chain) && !m.kept[k] {
			continue
		}
		if k-last > 1 || !m.sameGap(last, k) {
			k = m.widen(last, k)
		}
		last = k
	}
}

// widen balances the difference between the kept members j and k and returns
// the kept member that follows it afterwards. If it cannot, nothing changes.
func (m *merger) widen(j, k int) int {
	opened, closed := m.halves(j, k)
	if opened == 0 && closed == 0 || m.slides(j, k) {
		return k
	}
	right := k
	for n := 0; opened > 0 && n < maxReach && right < len(m.chain); n++ {
		right = m.keptAfter(right)
		opened, closed = m.halves(j, right)
	}
	left := j
	for n := 0; closed > 0 && n < maxReach && left >= 0; n++ {
		left = m.keptBefore(left)
		opened, closed = m.halves(left, right)
	}
	if opened > 0 || closed > 0 {
		return k
	}
	for x := left + 1; x < right; x++ {
		m.kept[x] = false
	}
	return right
}

// slides reports whether what stands between members j and k is an addition
// that slide will move to where it holds whole pairs.
func (m *merger) slides(j, k int) bool {
	alts := make([]string, len(m.texts))
	for s := range alts {
		alts[s] = m.gap(s, j, k)
	}
	added, ok := piece{alts: alts}.only()
	if !ok || j < 0 || k == len(m.chain) {
		return false
	}
	_, moved, _ := settle(m.texts[0][:m.units[0][m.chain[j][0]].to], added, m.texts[0][m.units[0][m.chain[k][0]].from:])
	opened, closed := halves(moved)
	return opened == 0 && closed == 0
}

// keptAfter returns the kept member after k, or the end.
func (m *merger) keptAfter(k int) int {
	for k++; k < len(m.chain) && !m.kept[k]; k++ {
	}
	return k
}

// keptBefore returns the kept member before k, or the start.
func (m *merger) keptBefore(k int) int {
	for k--; k >= 0 && !m.kept[k]; k-- {
	}
	return k
}

// halves returns the greatest number of parentheses that a text leaves open
// between members j and k, and of those that it closes without opening.
func (m *merger) halves(j, k int) (opened, closed int) {
	for s := range m.texts {
		o, c := halves(m.gap(s, j, k))
		opened, closed = max(opened, o), max(closed, c)
	}
	return opened, closed
}

// halves counts what s leaves open and what it closes without opening.
func halves(s string) (opened, closed int) {
	for i := 0; i < len(s); {
		r, size := rune(s[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(s[i:])
		}
		switch {
		case strings.ContainsRune("([{“«", r):
			opened++
		case strings.ContainsRune(")]}”»", r) && opened > 0:
			opened--
		case strings.ContainsRune(")]}”»", r):
			closed++
		}
		i += size
	}
	return opened, closed
}

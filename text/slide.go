package text

import (
	"strings"
	"unicode/utf8"
)

// maxSlide is how many words an addition is moved to find a better place.
const maxSlide = 64

// slide moves an addition, piece n, to where it reads best when there is more
// than one place for it: "the [Board of the] Agency" could as well be
// "[the Board of] the Agency". The pieces before and after must be common.
func slide(pieces []piece, n int) {
	added, ok := pieces[n].only()
	if !ok || pieces[n-1].alts != nil || pieces[n+1].alts != nil {
		return
	}
	before, moved, after := settle(pieces[n-1].same, added, pieces[n+1].same)
	if moved == added {
		return
	}
	pieces[n-1].same, pieces[n+1].same = before, after
	for s, alt := range pieces[n].alts {
		if alt != "" {
			pieces[n].alts[s] = moved
		}
	}
}

// settle returns before, added and after moved to the best place: before+added+after
// and before+after stay what they are.
func settle(before, added, after string) (string, string, string) {
	b, a, c := before, added, after
	for range maxSlide { // as far back as it goes
		w := lastToken(a)
		if w == "" || lastToken(b) != w {
			break
		}
		b, a, c = b[:len(b)-len(w)], w+a[:len(a)-len(w)], w+c
	}
	bestB, bestA, bestC, best := b, a, c, fit(b, a, c)
	for range 2 * maxSlide { // and forward, step by step
		n, _ := firstToken(a)
		w := a[:n]
		if w == "" || !strings.HasPrefix(c, w) {
			break
		}
		if m, _ := firstToken(c); m != n {
			break
		}
		b, a, c = b+w, a[n:]+w, c[n:]
		if score := fit(b, a, c); score > best || score == best && a == added && b == before {
			bestB, bestA, bestC, best = b, a, c, score
		}
	}
	return bestB, bestA, bestC
}

// firstToken returns the length and kind of the first token of s, if any.
func firstToken(s string) (int, Kind) {
	if s == "" {
		return 0, Space
	}
	return next(s)
}

// lastToken returns the last token of s, or "" of nothing.
func lastToken(s string) string {
	if s == "" {
		return ""
	}
	// A token never reaches over a space or a line feed.
	from := strings.LastIndexAny(s[:len(s)-1], " \n\t") + 1
	if s[len(s)-1] == ' ' || s[len(s)-1] == '\t' {
		from = len(strings.TrimRight(s, " \t"))
	}
	for {
		n, _ := next(s[from:])
		if from+n == len(s) {
			return s[from:]
		}
		from += n
	}
}

// fit scores a place for an addition. One that tears a pair of parentheses apart
// is worse than any other.
func fit(before, added, after string) int {
	opened, closed := halves(added)
	return seam(before, added) + seam(added, after) - 10*(opened+closed)
}

// seam scores the boundary between left and right: the greater the more natural
// it is to open or close a bracket there.
func seam(left, right string) int {
	if left == "" || right == "" || left[len(left)-1] == '\n' {
		return 4
	}
	trimmed := strings.TrimRightFunc(left, blank)
	if len(trimmed) == len(left) {
		return 0
	}
	r, _ := utf8.DecodeLastRuneInString(trimmed)
	switch {
	case strings.ContainsRune(".!?؟。।", r):
		return 3
	case strings.ContainsRune(",;:،؛", r):
		return 2
	}
	return 1
}

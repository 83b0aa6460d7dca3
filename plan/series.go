package plan

import (
	"slices"
	"strconv"
	"strings"

	"entente/act"
	"entente/party"
	"entente/text"
)

// A Series is how one number in the text moved: one line of the chart "how the texts have moved".
type Series struct {
	Label  string  `json:"label"` // the word that follows the number
	Points []Point `json:"points"`
}

// A Point is a number that a party's text named from some moment on.
type Point struct {
	Party    party.Code `json:"party"`
	At       int64      `json:"at"` // milliseconds, testimony
	Value    float64    `json:"value"`
	Revision act.Hash   `json:"revision"`
}

// maxSeries is how many numbers of one text are followed.
const maxSeries = 4

// A figure is a number written in digits in a text, and the word after it.
type figure struct {
	value float64
	label string
}

// series follows the numbers in the text of an open element through all revisions. It says
// something only where every revision has the same count of numbers, in the first language of
// the group that all of them have.
func (s *State) series(e *Element) []Series {
	if e.status != InBrackets {
		return nil
	}
	type tabledText struct {
		party party.Code
		at    int64
		id    act.Hash
		texts text.Texts
	}
	var revs []tabledText
	for _, x := range tail(e.story, MaxHistory) {
		a := s.Act(x.Place)
		if b, ok := a.Body.(act.Table); ok && !b.Content.Struck {
			revs = append(revs, tabledText{s.charter.Code(x.Party), a.At, s.LeafHash(x.Place), b.Content.Text})
		}
	}
	for _, l := range s.charter.Languages {
		var rows [][]figure
		for _, r := range revs {
			t, _ := r.texts.Get(l)
			rows = append(rows, figures(t))
		}
		if len(rows) < 2 || !slices.ContainsFunc(rows, func(r []figure) bool { return len(r) > 0 }) {
			continue
		}
		// What the last revisions lack cannot be followed.
		width := len(rows[len(rows)-1])
		if slices.ContainsFunc(rows, func(r []figure) bool { return len(r) != width }) {
			return nil
		}
		var out []Series
		for i := range width {
			moved := slices.ContainsFunc(rows, func(r []figure) bool { return r[i].value != rows[0][i].value })
			if !moved || len(out) == maxSeries {
				continue
			}
			sr := Series{Label: rows[len(rows)-1][i].label}
			for n, r := range revs {
				sr.Points = append(sr.Points, Point{r.party, r.at, rows[n][i].value, r.id})
			}
			out = append(out, sr)
		}
		return out
	}
	return nil
}

// figures finds the numbers in a text.
func figures(t string) []figure {
	if !strings.ContainsAny(t, "0123456789") {
		return nil
	}
	var out []figure
	var open *figure
	for _, tok := range text.Words(t) {
		switch {
		case tok.Kind != text.Word:
		case tok.Text[0] >= '0' && tok.Text[0] <= '9':
			if v, err := strconv.ParseFloat(tok.Text, 64); err == nil {
				out = append(out, figure{value: v})
				open = &out[len(out)-1]
			}
		case open != nil:
			open.label, open = tok.Text, nil
		}
	}
	return out
}

package national

import (
	"strconv"
	"strings"

	"entente/text"
)

// A word is one word of a text as it is compared: folded, without what joins it to the next.
type word struct {
	fold    string
	at, end int // bytes of the text it was read from
}

// words reads the words of a text, whatever stands between them.
func words(s string) []word {
	var out []word
	at := 0
	for _, tok := range text.Words(s) {
		end := at + len(tok.Text)
		if tok.Kind == text.Word {
			for _, f := range strings.FieldsFunc(text.Fold(tok.Text), joins) {
				out = append(out, word{f, at, end})
			}
		}
		at = end
	}
	return out
}

// joins reports whether a character joins two words to one: "twenty-one", "l'accord".
func joins(r rune) bool { return strings.ContainsRune("-'\"·_", r) }

// find is where phrase first stands in list from index from on, or -1.
func find(list, phrase []word, from int) int {
	for i := from; len(phrase) > 0 && i+len(phrase) <= len(list); i++ {
		n := 0
		for n < len(phrase) && list[i+n].fold == phrase[n].fold {
			n++
		}
		if n == len(phrase) {
			return i
		}
	}
	return -1
}

// maxNumbers is how many numbers of one text are read.
const maxNumbers = 512

// unitWords is how many words after a number are read as its unit.
const unitWords = 3

// A Number is a number written in digits in a text.
type Number struct {
	Values   []float64 // as it can be read: "1.250" is one and a quarter here, and a thousand there
	Words    string    // as it stands
	Unit     string    // the word after it, or the sign: "days", "%"
	after    []word    // the words after it, up to the end of the clause
	Position int       // from 1
	At       int       // byte of the text
}

// numbers reads the numbers in a text, at most maxNumbers of them.
func numbers(s string) []Number {
	tokens := text.Words(s)
	var out []Number
	at := 0
	for i := 0; i < len(tokens) && len(out) < maxNumbers; i++ {
		tok := tokens[i]
		start := at
		at += len(tok.Text)
		if tok.Kind != text.Word {
			continue
		}
		fold := text.Fold(tok.Text)
		if fold == "" || fold[0] < '0' || fold[0] > '9' {
			continue
		}
		last := i
		for grouped(tokens, last) && isDigits(fold) {
			fold += text.Fold(tokens[last+2].Text)
			last += 2
		}
		values := readings(fold)
		if len(values) == 0 {
			continue
		}
		if negative(tokens, i) {
			for j := range values {
				values[j] = -values[j]
			}
		}
		n := Number{Values: values, Position: len(out) + 1, At: start}
		for j := i; j <= last; j++ {
			n.Words += tokens[j].Text
			if j > i {
				at += len(tokens[j].Text)
			}
		}
		n.tail(tokens[last+1:])
		out, i = append(out, n), last
	}
	return out
}

// grouped reports whether a number goes on after the token, past a narrow or no-break space: 9 210.
func grouped(tokens []text.Token, i int) bool {
	if i+2 >= len(tokens) || tokens[i+1].Kind != text.Space || tokens[i+2].Kind != text.Word {
		return false
	}
	next := text.Fold(tokens[i+2].Text)
	return strings.ContainsAny(tokens[i+1].Text, "\u00a0\u202f\u2009") && len(next) == 3 && isDigits(next)
}

// negative reports whether a minus sign stands before a number, and nothing before that.
func negative(tokens []text.Token, i int) bool {
	if i == 0 || tokens[i-1].Text != "-" && tokens[i-1].Text != "−" {
		return false
	}
	return i == 1 || tokens[i-2].Kind == text.Space
}

func isDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// tail reads what follows a number.
func (n *Number) tail(tokens []text.Token) {
	for _, tok := range tokens {
		switch {
		case tok.Kind == text.Space:
		case tok.Kind == text.Word:
			if len(n.after) == 0 && n.Unit == "" {
				n.Unit = text.Fold(tok.Text)
			}
			for _, f := range strings.FieldsFunc(text.Fold(tok.Text), joins) {
				n.after = append(n.after, word{fold: f})
			}
			if len(n.after) >= unitWords {
				return
			}
		case strings.ContainsAny(tok.Text, "%‰°") && len(n.after) == 0 && n.Unit == "":
			n.Unit = tok.Text
		case !strings.ContainsAny(tok.Text, ")]"):
			return
		}
	}
}

// readings are the values that digits with points and commas can stand for; none where they are a
// time, a date or a fraction.
func readings(s string) []float64 {
	s = strings.NewReplacer("٫", ",", "٬", "'", "'", "").Replace(s)
	if strings.Trim(s, "0123456789.,") != "" {
		return nil
	}
	points, commas := strings.Count(s, "."), strings.Count(s, ",")
	switch {
	case points+commas == 0:
		return parse(s)
	case points > 0 && commas > 0: // the last sign is the decimal one
		decimal, group := ".", ","
		if strings.LastIndex(s, ",") > strings.LastIndex(s, ".") {
			decimal, group = ",", "."
		}
		return parse(strings.Replace(strings.ReplaceAll(s, group, ""), decimal, ".", 1))
	}
	plain := strings.NewReplacer(".", "", ",", "").Replace(s)
	if points+commas > 1 {
		return parse(plain)
	}
	fraction := parse(strings.Replace(s, ",", ".", 1))
	if len(s)-strings.IndexAny(s, ".,") == 4 && len(s) <= 7 { // three digits after it: thousands, perhaps
		return append(fraction, parse(plain)...)
	}
	return fraction
}

func parse(s string) []float64 {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return nil
	}
	return []float64{v}
}

// counts reports whether a number is one of the unit: the sign after it, or the words after it.
// The last word of a unit may go on: "day" counts days.
func (n Number) counts(unit string) bool {
	want := words(unit)
	if len(want) == 0 {
		return n.Unit != "" && n.Unit == strings.TrimSpace(unit)
	}
	if len(want) > len(n.after) {
		return false
	}
	for i, w := range want {
		have := n.after[i].fold
		if have == w.fold {
			continue
		}
		if i < len(want)-1 || len([]rune(w.fold)) < 3 || !strings.HasPrefix(have, w.fold) {
			return false
		}
	}
	return true
}

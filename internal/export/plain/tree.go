package plain

import (
	"strconv"
	"strings"
)

// tree puts blocks under one another: what stands under a heading, and what is
// further in.
func (r *reader) tree(list []*block) []*block {
	top := &block{heading: -1}
	stack := []*block{top}
	for _, b := range list {
		if b.heading > 0 {
			for stack[len(stack)-1].heading <= 0 && len(stack) > 1 || stack[len(stack)-1].heading >= b.heading {
				stack = stack[:len(stack)-1]
			}
		} else {
			stack = r.under(stack, b)
		}
		parent := stack[len(stack)-1]
		parent.kids = append(parent.kids, b)
		stack = append(stack, b)
	}
	return top.kids
}

// maxDrift is how far apart two items of one list, or two options of one choice,
// may begin, in columns.
const maxDrift = 4

// under cuts stack down to what b stands under.
func (r *reader) under(stack []*block, b *block) []*block {
	for i := len(stack) - 1; i > 0 && stack[i].heading == 0; i-- {
		o := stack[i]
		items := r.draft.Form == Layout && b.num.Item && o.num.Item && follows(o.num.Base, b.num.Base)
		options := o.option != "" && b.option != "" && follows(bareLabel(o.option), bareLabel(b.option)) && max(o.indent-b.indent, b.indent-o.indent) <= maxDrift
		if items || options {
			return stack[:i]
		}
	}
	for len(stack) > 1 && !stack[len(stack)-1].holds(b, r.draft.Form) {
		stack = stack[:len(stack)-1]
	}
	if b.number != "" {
		stack[len(stack)-1].seen = &b.num
	}
	return stack
}

// bareLabel is the label of an option for comparing: "(a)" and "a" are the same.
func bareLabel(s string) string { return strings.ToLower(strings.Trim(s, "()")) }

// holds reports whether b stands under o.
func (o *block) holds(b *block, f Form) bool {
	switch {
	case o.heading != 0:
		return true
	case o.option != "":
		return o.offers(b)
	case o.number == "":
		return false
	case f == Layout && b.number != "" && !b.num.Item && b.option == "":
		return false // paragraphs never stand within paragraphs there
	}
	return b.indent > o.indent
}

// offers reports whether b stands under the option o.
func (o *block) offers(b *block) bool {
	switch {
	case b.option != "":
		return b.indent > o.indent
	case b.indent < o.indent:
		return false
	case o.end != nil:
		if b.number == "" || b.num.Item {
			return o.seen == nil || *o.seen != *o.end || b.words == "" || b.words[0] != '{'
		}
		n, err := strconv.Atoi(b.num.Base)
		last, _ := strconv.Atoi(o.end.Base)
		return err != nil || n <= last
	case b.indent > o.indent, o.bare:
		return true
	case b.number == "":
		return false
	case o.seen == nil:
		return b.num.Base == "1" || b.num.Base == "a" || b.num.Base == "i"
	}
	return follows(o.seen.Base, b.num.Base)
}

// follows reports whether y is the item after x: (b) after (a), (ii) after (i).
func follows(x, y string) bool {
	if len(x) == 1 && len(y) == 1 && y[0] == x[0]+1 {
		return true
	}
	if n, err := strconv.Atoi(x); err == nil {
		m, err := strconv.Atoi(y)
		return err == nil && m == n+1
	}
	for i := 1; i < len(romans); i++ {
		if romans[i] == y {
			return romans[i-1] == x
		}
	}
	return len(x) == 1 && len(y) == 2 && x == "z" && y == "aa" || len(x) == 2 && len(y) == 2 && x[0] == x[1] && y[0] == y[1] && y[0] == x[0]+1
}

var romans = [...]string{"", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv", "xvi", "xvii", "xviii", "xix", "xx"}

// leaf reports whether all that stands under b is plain paragraphs.
func (b *block) leaf() bool {
	for _, k := range b.kids {
		if k.option != "" || k.number != "" || len(k.kids) > 0 {
			return false
		}
	}
	return true
}

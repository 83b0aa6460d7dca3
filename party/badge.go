package party

// mark is how a party is told from the others without colour.
type mark struct{ shape, glyph, line string }

// marks go by order of joining a group and repeat after six; letters always
// stand beside them.
var marks = [...]mark{
	{"circle", "●", "solid"},
	{"diamond", "◆", "dashed"},
	{"triangle", "▲", "dotted"},
	{"square", "■", "double"},
	{"pentagon", "⬟", "wavy"},
	{"cross", "✚", "solid"},
}

func markOf(ordinal int) mark {
	n := len(marks)
	return marks[((ordinal%n)+n)%n]
}

// Shape names the shape on the badge of the party that joined a group in this
// place (0 is the first): circle, diamond, triangle, square, pentagon, cross,
// and again.
func Shape(ordinal int) string { return markOf(ordinal).shape }

// Glyph is Shape as one character, for plain text: ● ◆ ▲ ■ ⬟ ✚.
func Glyph(ordinal int) string { return markOf(ordinal).glyph }

// Line names the underline of that party's words: solid, dashed, dotted,
// double, wavy, solid, and again.
func Line(ordinal int) string { return markOf(ordinal).line }

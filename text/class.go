package text

// class is what Check must do about a character.
type class uint8

const (
	classForbidden class = iota // refuse it
	classPlain                  // let it pass
	classMark                   // a combining mark that never composes: count it
	classCompose                // may compose with what is before it, or is a joiner: look closer
)

// maxRune is the last code point.
const maxRune = 0x10FFFF

// classOf looks r up in the frozen table.
func classOf(r rune) class {
	if uint32(r) > maxRune {
		return classForbidden
	}
	page := uint32(classIndex[r>>8])
	return class(classData[page<<6|uint32(r)&0xFF>>2]>>(uint32(r)&3<<1)) & 3
}

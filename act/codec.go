package act

import (
	"fmt"

	"entente/party"
	"entente/text"
)

// Limits of an act's parts. Each refusal names the limit it met.
const (
	MaxParties   = 40         // parties of a group
	MaxCharter   = 48 << 10   // bytes of a charter
	MaxDelegates = 200        // persons of a delegation
	MaxPerson    = 40         // bytes of a person's id
	MaxIndex     = 1<<48 - 1  // entries of one epoch
	maxTime      = 1<<53 - 1  // milliseconds; what a JSON reader can hold exactly
	minTime      = -(1 << 46) // milliseconds; some two thousand years before 1970
	envelope     = 10         // items of an act
)

// A FormatError says why bytes are not an act.
type FormatError struct{ Err error }

// Error says what is wrong with the bytes.
func (e *FormatError) Error() string { return "not a well-formed act: " + e.Err.Error() }

// Unwrap gives the reason alone.
func (e *FormatError) Unwrap() error { return e.Err }

// Encode writes an act in its one form. It refuses what Decode would refuse.
func Encode(a Act) ([]byte, error) {
	if a.Body == nil {
		return nil, errNoBody
	}
	w := &writer{b: make([]byte, 0, 512)}
	writeEnvelope(w, a)
	writeKindAndBody(w, a.Body)
	if err := checkWritten(w); err != nil {
		return nil, err
	}
	if _, err := Decode(string(w.b)); err != nil {
		return nil, err
	}
	return w.b, nil
}

func writeEnvelope(w *writer, a Act) {
	w.list(envelope)
	w.uint(Version)
	w.hash(a.Group)
	w.uint(uint64(a.Party))
	w.uint(uint64(a.Epoch))
	w.uint(a.Index)
	w.text(string(a.By))
	w.int(a.At)
	w.list(len(a.Seen))
	for _, s := range a.Seen {
		w.list(4)
		w.uint(uint64(s.Party))
		w.uint(uint64(s.Epoch))
		w.uint(s.Size)
		w.hash(s.Root)
	}
}

func writeKindAndBody(w *writer, b Body) {
	w.uint(uint64(b.Kind()))
	writeBody(w, b)
}

// checkWritten refuses what is too long for a leaf, or could not be written.
func checkWritten(w *writer) error {
	if len(w.b) > MaxLeaf {
		return fmt.Errorf("the act would be %d bytes long; the limit is %d. Nothing was written. Shorten the text or split it into two elements", len(w.b), MaxLeaf)
	}
	if w.err != nil {
		return &FormatError{w.err}
	}
	return nil
}

// Decode reads an act strictly. The texts of the act are substrings of leaf. A failure is a
// *FormatError.
func Decode(leaf string) (Act, error) {
	if len(leaf) > MaxLeaf {
		return Act{}, &FormatError{fmt.Errorf("%d bytes, the limit is %d", len(leaf), MaxLeaf)}
	}
	r := &reader{s: leaf}
	var a Act
	readEnvelope(r, &a)
	kind := Kind(r.uint(uint64(lastKind)))
	a.Body = readBody(r, kind)
	if err := r.end(); err != nil {
		return Act{}, err
	}
	return a, nil
}

// end asks that nothing is left, and gives the first fault.
func (r *reader) end() error {
	if r.err == nil && r.at != len(r.s) {
		r.fail("%d bytes after the end", len(r.s)-r.at)
	}
	if r.err != nil {
		return &FormatError{r.err}
	}
	return nil
}

// Envelope reads what stands before the body, of a leaf that Decode has taken before: who acted,
// when, and what was seen. It is a fraction of the work of Decode.
func Envelope(leaf string) Act {
	var a Act
	readEnvelope(&reader{s: leaf}, &a)
	return a
}

func readEnvelope(r *reader, a *Act) {
	r.tuple(envelope)
	if v := r.uint(1 << 16); r.err == nil && v != Version {
		r.fail("version %d; this program reads version %d", v, Version)
	}
	a.Group = r.hash()
	a.Party = uint8(r.uint(MaxParties - 1))
	a.Epoch = uint32(r.uint(1<<32 - 1))
	a.Index = r.uint(MaxIndex)
	if by := r.text(MaxPerson); by != "" && r.err == nil {
		p, err := party.ParsePerson(by)
		if err != nil {
			r.fail("%v", err)
		}
		a.By = p
	}
	a.At = r.int()
	if a.At > maxTime || a.At < minTime {
		r.fail("a time out of range")
	}
	a.Seen = readSeen(r, a.Party)
}

func readSeen(r *reader, self uint8) []Seen {
	n := r.list(MaxParties - 1)
	if n == 0 || r.err != nil {
		return nil
	}
	out := make([]Seen, n)
	for i := range out {
		r.tuple(4)
		s := &out[i]
		s.Party = uint8(r.uint(MaxParties - 1))
		s.Epoch = uint32(r.uint(1<<32 - 1))
		s.Size = r.uint(MaxIndex)
		s.Root = r.hash()
		if r.err == nil && (s.Party == self || i > 0 && s.Party <= out[i-1].Party) {
			r.fail("what was seen is listed party by party, in rising order, without the writer")
		}
	}
	return out
}

// readTexts reads a list of pairs (language, text) in rising order of language; limit bounds
// one text in bytes.
func readTexts(r *reader, limit int) text.Texts {
	n := r.list(text.MaxLangs)
	if r.err != nil {
		return nil
	}
	if n == 0 {
		r.fail("an empty text is left out, not written")
		return nil
	}
	out := text.Texts(lists(r, roomForTexts, n))
	for i := range out {
		r.tuple(2)
		lang, err := text.ParseLang(r.text(3))
		if err != nil {
			r.fail("%v", err)
		}
		out[i] = text.Version{Lang: lang, Text: readProse(r, limit)}
		if r.err == nil && i > 0 && lang <= out[i-1].Lang {
			r.fail("languages out of order or twice")
		}
		if r.err != nil {
			return nil
		}
	}
	return out
}

// readProse reads one text that is not empty and holds allowed characters only, which are
// UTF-8 (package text).
func readProse(r *reader, limit int) string {
	s := r.text(limit)
	if r.err != nil {
		return ""
	}
	if s == "" {
		r.fail("an empty text is left out, not written")
	}
	if err := text.Check(s); err != nil {
		r.fail("%v", err)
	}
	return s
}

func writeTexts(w *writer, t text.Texts) {
	w.list(len(t))
	for _, v := range t {
		w.list(2)
		w.text(string(v.Lang))
		w.text(v.Text)
	}
}

func readRef(r *reader) Ref {
	s := r.text(MaxRef)
	if r.err == nil && !refOK(s) {
		r.fail("%q is no reference", s)
	}
	return Ref(s)
}

func readDate(r *reader) Date {
	s := r.text(10)
	if r.err == nil && !dateOK(s) {
		r.fail("%q is no day", s)
	}
	return Date(s)
}

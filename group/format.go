package group

import (
	"fmt"
	"time"

	"github.com/fxamacker/cbor/v2"

	"entente/act"
	"entente/marking"
	"entente/party"
	"entente/text"
)

// The wire forms: maps with small whole numbers as keys, empty fields left out.
type (
	wireCharter struct {
		Version   uint64       `cbor:"1,keyasint"`
		Number    uint32       `cbor:"2,keyasint,omitempty"`
		Name      []wireText   `cbor:"3,keyasint"`
		Plan      []wireText   `cbor:"4,keyasint,omitempty"`
		Terms     []wireText   `cbor:"5,keyasint,omitempty"`
		Notice    []wireText   `cbor:"6,keyasint,omitempty"`
		Parties   []wireMember `cbor:"7,keyasint"`
		Languages []string     `cbor:"8,keyasint"`
		TLP       uint8        `cbor:"9,keyasint"`
		Rel       []string     `cbor:"10,keyasint,omitempty"`
		Chairs    []wireChair  `cbor:"11,keyasint,omitempty"`
		Plenary   []byte       `cbor:"12,keyasint,omitempty"`
		Convened  int64        `cbor:"13,keyasint"`
		Nonce     []byte       `cbor:"14,keyasint"`
		Silence   *wireSilence `cbor:"15,keyasint,omitempty"`
		Whole     bool         `cbor:"16,keyasint,omitempty"`
		InStep    bool         `cbor:"17,keyasint,omitempty"`
	}
	wireSilence struct {
		Least uint64   `cbor:"1,keyasint"`
		Kinds []uint64 `cbor:"2,keyasint"`
	}
	wireMember struct {
		Code    string     `cbor:"1,keyasint"`
		Names   []wireText `cbor:"2,keyasint"`
		Signing []byte     `cbor:"3,keyasint"`
		Zone    string     `cbor:"4,keyasint,omitempty"`
		Capital []wireText `cbor:"5,keyasint,omitempty"`
	}
	wireChair struct {
		_      struct{} `cbor:",toarray"`
		Party  string
		Person string
	}
	wireText struct {
		_    struct{} `cbor:",toarray"`
		Lang string
		Text string
	}
)

func encMode() (cbor.EncMode, error) { return cbor.CoreDetEncOptions().EncMode() }

func decMode() (cbor.DecMode, error) {
	return cbor.DecOptions{
		DupMapKey: cbor.DupMapKeyEnforcedAPF, IndefLength: cbor.IndefLengthForbidden, TagsMd: cbor.TagsForbidden,
		ExtraReturnErrors: cbor.ExtraDecErrorUnknownField, MaxNestedLevels: 16, MaxArrayElements: 1024, MaxMapPairs: 64,
	}.DecMode()
}

// Format writes the charter's canonical bytes.
func (c Charter) Format() []byte {
	w := wireCharter{
		Version: act.Version, Number: c.Number, Name: toWire(c.Name), Plan: toWire(c.Plan), Terms: toWire(c.Terms), Notice: toWire(c.Notice),
		TLP: uint8(c.Ceiling.TLP), Rel: fromCodes(c.Ceiling.Releasable), Convened: c.Convened, Nonce: c.Nonce[:],
		Silence: c.Silence.wire(), Whole: c.Whole, InStep: c.InStep,
	}
	for _, m := range c.Parties {
		w.Parties = append(w.Parties, wireMember{string(m.Code), toWire(m.Names), m.Signing, m.Zone, toWire(m.Capital)})
	}
	for _, l := range c.Languages {
		w.Languages = append(w.Languages, string(l))
	}
	for _, ch := range c.Chairs {
		w.Chairs = append(w.Chairs, wireChair{Party: string(ch.Party), Person: string(ch.Person)})
	}
	if !c.Plenary.IsZero() {
		w.Plenary = c.Plenary[:]
	}
	mode, err := encMode()
	if err != nil {
		panic("group: the encoding options are constants: " + err.Error())
	}
	b, err := mode.Marshal(w)
	if err != nil {
		panic("group: a struct of plain fields always encodes: " + err.Error())
	}
	return b
}

func tooLong(n int) error {
	return fmt.Errorf("a charter has at most %d bytes, this has %d", act.MaxCharter, n)
}

// Parse reads a charter strictly and checks it.
func Parse(b string) (Charter, error) {
	if len(b) > act.MaxCharter {
		return Charter{}, tooLong(len(b))
	}
	mode, err := decMode()
	if err != nil {
		return Charter{}, err
	}
	var w wireCharter
	if err := mode.Unmarshal([]byte(b), &w); err != nil {
		return Charter{}, fmt.Errorf("not a charter: %w", err)
	}
	if w.Version != act.Version {
		return Charter{}, fmt.Errorf("a charter of version %d; this program reads version %d", w.Version, act.Version)
	}
	c, err := w.charter()
	if err != nil {
		return Charter{}, fmt.Errorf("not a charter: %w", err)
	}
	if err := c.Check(); err != nil {
		return Charter{}, err
	}
	if string(c.Format()) != b {
		return Charter{}, fmt.Errorf("not a charter in its one form")
	}
	return c, nil
}

// charter gives the wire form the types of a charter. Check says whether they hold.
func (w wireCharter) charter() (c Charter, err error) {
	if len(w.Nonce) != len(c.Nonce) || (len(w.Plenary) != 0 && len(w.Plenary) != act.HashSize) {
		return c, fmt.Errorf("a field has the wrong length")
	}
	copy(c.Nonce[:], w.Nonce)
	copy(c.Plenary[:], w.Plenary)
	c.Number, c.Convened, c.Whole, c.InStep = w.Number, w.Convened, w.Whole, w.InStep
	if w.Silence != nil {
		c.Silence = w.Silence.silence()
	}
	c.Name, c.Plan, c.Terms, c.Notice = fromWire(w.Name), fromWire(w.Plan), fromWire(w.Terms), fromWire(w.Notice)
	for _, l := range w.Languages {
		c.Languages = append(c.Languages, text.Lang(l))
	}
	c.Ceiling.TLP = marking.TLP(w.TLP)
	for _, r := range w.Rel {
		c.Ceiling.Releasable = append(c.Ceiling.Releasable, party.Code(r))
	}
	for _, m := range w.Parties {
		c.Parties = append(c.Parties, Member{party.Code(m.Code), fromWire(m.Names), m.Signing, m.Zone, fromWire(m.Capital)})
	}
	for _, ch := range w.Chairs {
		c.Chairs = append(c.Chairs, Chair{party.Code(ch.Party), party.Person(ch.Person)})
	}
	return c, nil
}

func (s Silence) wire() *wireSilence {
	if s.Least == 0 && len(s.Kinds) == 0 {
		return nil
	}
	w := &wireSilence{Least: uint64(s.Least.Milliseconds()), Kinds: []uint64{}}
	for _, k := range s.Kinds {
		w.Kinds = append(w.Kinds, uint64(k))
	}
	return w
}

func (w wireSilence) silence() Silence {
	s := Silence{Least: time.Duration(min(w.Least, uint64(MaxSilence.Milliseconds())+1)) * time.Millisecond}
	for _, k := range w.Kinds {
		s.Kinds = append(s.Kinds, act.ElementKind(min(k, 255)))
	}
	return s
}

func toWire(t text.Texts) []wireText {
	var out []wireText
	for _, v := range t {
		out = append(out, wireText{Lang: string(v.Lang), Text: v.Text})
	}
	return out
}

func fromWire(w []wireText) text.Texts {
	var t text.Texts
	for _, v := range w {
		t = append(t, text.Version{Lang: text.Lang(v.Lang), Text: v.Text})
	}
	return t
}

func fromCodes(codes []party.Code) []string {
	var out []string
	for _, c := range codes {
		out = append(out, string(c))
	}
	return out
}

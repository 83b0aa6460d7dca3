package group

import (
	"bytes"
	"crypto/ed25519"
	"fmt"

	"github.com/fxamacker/cbor/v2"

	"entente/act"
	"entente/marking"
	"entente/party"
	"entente/text"
)

// Limits of a charter's texts, in bytes of one language version.
const (
	MaxName  = 200
	MaxTerms = 8 << 10
	maxZone  = 40
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

// Parse reads a charter strictly and checks it.
func Parse(b string) (Charter, error) {
	if len(b) > act.MaxCharter {
		return Charter{}, fmt.Errorf("a charter has at most %d bytes, this has %d", act.MaxCharter, len(b))
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
	if !bytes.Equal(c.Format(), []byte(b)) {
		return Charter{}, fmt.Errorf("not a charter in its one form")
	}
	return c, nil
}

func (w wireCharter) charter() (c Charter, err error) {
	if len(w.Nonce) != len(c.Nonce) || (len(w.Plenary) != 0 && len(w.Plenary) != act.HashSize) {
		return c, fmt.Errorf("a field has the wrong length")
	}
	c.Number, c.Convened = w.Number, w.Convened
	copy(c.Nonce[:], w.Nonce)
	copy(c.Plenary[:], w.Plenary)
	for _, f := range []struct {
		to    *text.Texts
		from  []wireText
		limit int
	}{{&c.Name, w.Name, MaxName}, {&c.Plan, w.Plan, MaxName}, {&c.Terms, w.Terms, MaxTerms}, {&c.Notice, w.Notice, MaxTerms}} {
		if *f.to, err = fromWire(f.from, f.limit); err != nil {
			return c, err
		}
	}
	for _, l := range w.Languages {
		lang, err := text.ParseLang(l)
		if err != nil {
			return c, err
		}
		c.Languages = append(c.Languages, lang)
	}
	rel, err := toCodes(w.Rel)
	if err != nil {
		return c, err
	}
	c.Ceiling = marking.Label{TLP: marking.TLP(w.TLP), Releasable: rel}
	return c, w.people(&c)
}

func (w wireCharter) people(c *Charter) error {
	for _, m := range w.Parties {
		member, err := m.member()
		if err != nil {
			return err
		}
		c.Parties = append(c.Parties, member)
	}
	for _, ch := range w.Chairs {
		code, err := party.ParseCode(ch.Party)
		if err != nil {
			return err
		}
		who, err := party.ParsePerson(ch.Person)
		if err != nil {
			return err
		}
		c.Chairs = append(c.Chairs, Chair{code, who})
	}
	return nil
}

func (w wireMember) member() (m Member, err error) {
	if m.Code, err = party.ParseCode(w.Code); err != nil {
		return m, err
	}
	if m.Names, err = fromWire(w.Names, MaxName); err != nil {
		return m, err
	}
	if m.Capital, err = fromWire(w.Capital, MaxName); err != nil {
		return m, err
	}
	if !zoneOK(w.Zone) {
		return m, fmt.Errorf("%.40q is no time zone", w.Zone)
	}
	m.Zone, m.Signing = w.Zone, ed25519.PublicKey(w.Signing)
	return m, nil
}

// zoneOK checks the form of a zone's name only: which zones there are differs from one machine
// to the next, and a charter must be good everywhere or nowhere.
func zoneOK(s string) bool {
	if len(s) > maxZone {
		return false
	}
	for _, c := range []byte(s) {
		letter := c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
		if !letter && (c < '+' || c > '9' || c == ',' || c == '.') && c != '_' {
			return false
		}
	}
	return true
}

func toWire(t text.Texts) []wireText {
	var out []wireText
	for _, v := range t {
		out = append(out, wireText{Lang: string(v.Lang), Text: v.Text})
	}
	return out
}

func fromWire(w []wireText, limit int) (text.Texts, error) {
	if len(w) > text.MaxLangs {
		return nil, fmt.Errorf("%d languages, the limit is %d", len(w), text.MaxLangs)
	}
	var t text.Texts
	for _, v := range w {
		l, err := text.ParseLang(v.Lang)
		if err != nil {
			return nil, err
		}
		if len(v.Text) == 0 || len(v.Text) > limit {
			return nil, fmt.Errorf("a text of %d bytes; from 1 to %d are allowed here", len(v.Text), limit)
		}
		t = append(t, text.Version{Lang: l, Text: v.Text})
	}
	return t, t.Check()
}

func fromCodes(codes []party.Code) []string {
	var out []string
	for _, c := range codes {
		out = append(out, string(c))
	}
	return out
}

func toCodes(names []string) ([]party.Code, error) {
	var out []party.Code
	for _, n := range names {
		c, err := party.ParseCode(n)
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, nil
}

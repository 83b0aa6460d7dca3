package api

import (
	"bytes"
	"encoding"
	"encoding/json"
	"net/http"
	"reflect"
	"strings"
	"unicode"

	"entente/act"
	"entente/group"
	"entente/internal/chancery"
	"entente/ledger"
	"entente/party"
	"entente/plan"
)

// shortID is the fewest hexadecimal digits by which an entry is found: what a log shows of its id.
const shortID = 8

// AskEntry names one entry of a log: by its place, or by its id.
type AskEntry struct {
	Party string `json:"party,omitempty" doc:"whose log"`
	Epoch int    `json:"epoch,omitempty" doc:"of that log, from 0"`
	Index int    `json:"index,omitempty" doc:"of the entry in its epoch, from 0"`
	ID    string `json:"id,omitempty" doc:"instead of the place: the first eight or more digits of the entry's id"`
}

// An ActPage is one entry of a log with everything that it says.
type ActPage struct {
	Entry
	Size int             `json:"size"` // bytes of the entry as it was signed
	Act  json.RawMessage `json:"act"`  // what the entry says, by the names of docs/spec/act.md; empty where it is no act
}

// entry shows one entry of a log.
func (s *Server) entry(_ *http.Request, v visit, ask AskEntry) (out ActPage, err error) {
	err = chancery.ErrWithheld
	leaf, found := "", false
	v.group.View(func(st *plan.State) {
		at, here := findEntry(st, v.group, ask)
		if !here {
			return
		}
		out.Entry, found = entryAt(st, at), true
	})
	if !found {
		return out, err
	}
	p, _ := v.group.Charter().Ordinal(out.Party)
	v.group.Book(ledger.Log{Group: v.group.ID(), Party: p, Epoch: out.Epoch}, func(b *ledger.Book) { leaf = b.Leaf(out.Index) })
	out.Size, out.Act = len(leaf), json.RawMessage("{}")
	if a, err := act.Decode(leaf); err == nil {
		out.Act = actJSON(a)
	}
	return out, nil
}

// findEntry finds the entry's place among all of its party's.
func findEntry(st *plan.State, g *chancery.Group, ask AskEntry) (plan.Place, bool) {
	id := strings.ToLower(strings.ReplaceAll(ask.ID, " ", ""))
	if id != "" && len(id) < shortID {
		return plan.Place{}, false
	}
	for p := range g.Charter().Parties {
		if ask.Party != "" && g.Charter().Code(uint8(p)) != party.Code(ask.Party) {
			continue
		}
		for i := range st.Rule().Count(uint8(p)) {
			at := plan.Place{Party: uint8(p), Ordinal: uint32(i)}
			if id != "" {
				if strings.HasPrefix(st.LeafHash(at).String(), id) {
					return at, true
				}
				continue
			}
			if x := st.Stamp(at); ask.Party != "" && int(x.Epoch) == ask.Epoch && x.Index == uint64(ask.Index) {
				return at, true
			}
		}
	}
	return plan.Place{}, false
}

// actJSON writes an act for readers: the fields in their order, the empty ones left out, a charter
// in full. It is for looking at, not for signing: the entry's bytes are what was signed.
func actJSON(a act.Act) json.RawMessage {
	var b bytes.Buffer
	v := reflect.ValueOf(a)
	if c, ok := a.Body.(act.Constitute); ok {
		if charter, err := group.Parse(c.Charter); err == nil {
			v = reflect.ValueOf(struct {
				act.Act
				Charter group.Charter
			}{a, charter})
		}
	}
	writeValue(&b, v)
	return b.Bytes()
}

// writeValue writes one value as JSON.
func writeValue(b *bytes.Buffer, v reflect.Value) {
	if v.CanInterface() {
		if _, ok := v.Interface().(encoding.TextMarshaler); ok {
			writePlain(b, v.Interface())
			return
		}
	}
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		writeValue(b, v.Elem())
	case reflect.Struct:
		b.WriteByte('{')
		writeFields(b, v, true)
		b.WriteByte('}')
	case reflect.Slice, reflect.Array:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			writePlain(b, v.Interface())
			return
		}
		b.WriteByte('[')
		for i := range v.Len() {
			if i > 0 {
				b.WriteByte(',')
			}
			writeValue(b, v.Index(i))
		}
		b.WriteByte(']')
	default:
		writePlain(b, v.Interface())
	}
}

// writeFields writes the fields of a struct that say something; those of an embedded one as its own.
func writeFields(b *bytes.Buffer, v reflect.Value, first bool) bool {
	for i := range v.NumField() {
		f, x := v.Type().Field(i), v.Field(i)
		if f.Anonymous && x.Kind() == reflect.Struct {
			first = writeFields(b, x, first)
			continue
		}
		if !f.IsExported() || x.IsZero() && f.Name != "Index" && f.Name != "Party" && f.Name != "Epoch" {
			continue
		}
		if raw, ok := x.Interface().(act.Constitute); ok && raw.Charter != "" {
			continue // the charter stands beside it, in full
		}
		if !first {
			b.WriteByte(',')
		}
		first = false
		writePlain(b, fieldName(f))
		b.WriteByte(':')
		writeValue(b, x)
	}
	return first
}

// fieldName is a field's name in JSON: as its tag says, or in small letters.
func fieldName(f reflect.StructField) string {
	if f.Tag.Get("json") != "" {
		return jsonName(f)
	}
	var out []rune
	for i, r := range f.Name {
		if unicode.IsUpper(r) && i > 0 {
			out = append(out, '_')
		}
		out = append(out, unicode.ToLower(r))
	}
	return string(out)
}

func writePlain(b *bytes.Buffer, v any) {
	raw, err := json.Marshal(v)
	if err != nil { // no value of an act or a charter is one that JSON cannot hold
		raw = []byte("null")
	}
	b.Write(raw)
}

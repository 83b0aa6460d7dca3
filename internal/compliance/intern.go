package compliance

import (
	"crypto/sha256"
	"net/url"
	"strings"
	"sync"

	"entente/act"
	"entente/text"
)

// words keeps each of many repeated words once, under a number. It takes what the acts and the margin
// hold, and nothing that somebody only asks about.
type words struct {
	mu   sync.RWMutex
	ids  map[string]uint32
	list []string
}

// find is the number of a word, from 0; none where it is not kept.
func (w *words) find(s string) uint32 {
	w.mu.RLock()
	defer w.mu.RUnlock()
	n, ok := w.ids[s]
	if !ok {
		return noUnit
	}
	return n
}

// id is the number of a word, and from now on if not before.
func (w *words) id(s string) uint32 {
	if n := w.find(s); n != noUnit {
		return n
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	n, ok := w.ids[s]
	if !ok {
		if w.ids == nil {
			w.ids = map[string]uint32{}
		}
		s = strings.Clone(s)
		n = uint32(len(w.list))
		w.ids[s], w.list = n, append(w.list, s)
	}
	return n
}

// word is what stands under a number.
func (w *words) word(n uint32) string {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if int(n) >= len(w.list) {
		return ""
	}
	return w.list[n]
}

// A roll gives each different source a number. It keeps 16 bytes of each, however long its name.
type roll struct {
	mu  sync.Mutex
	ids map[[16]byte]uint32
}

// id is the number of a source.
func (r *roll) id(source string) uint32 {
	sum := sha256.Sum256([]byte(source))
	key := [16]byte(sum[:16])
	r.mu.Lock()
	defer r.mu.Unlock()
	n, ok := r.ids[key]
	if !ok {
		if r.ids == nil {
			r.ids = map[[16]byte]uint32{}
		}
		n = uint32(len(r.ids))
		r.ids[key] = n
	}
	return n
}

// noUnit is the number of a unit that no reading has.
const noUnit = 1<<32 - 1

// unit is the number of a unit that a reading has. Units are as many as readings at most, and a reading
// holds its own: nobody's units take the place of another's.
func (b *Book) unit(code string) uint32 { return b.units.id(code) }

// unitCode is the unit of a number.
func (b *Book) unitCode(n uint32) string { return b.units.word(n) }

// witness says which source a citation is of: sources with the same title are one, whatever the
// document or the page; without a title, it is the document, or else the host of the address. Small
// and capital letters and spaces make no difference.
func witness(c *act.Citation) string {
	if s := fold(c.Title); s != "" {
		return "t " + s
	}
	if s := fold(c.Document); s != "" {
		return "d " + s
	}
	if u, err := url.Parse(c.Address); err == nil && u.Host != "" {
		return "h " + strings.TrimPrefix(strings.ToLower(u.Host), "www.")
	}
	return "a " + fold(c.Address)
}

func fold(s string) string { return strings.Join(strings.Fields(text.Fold(s)), " ") }

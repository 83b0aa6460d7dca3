package compliance

import (
	"net/url"
	"strings"
	"sync"

	"entente/act"
	"entente/text"
)

// words keeps each of many repeated words once, under a number.
type words struct {
	mu   sync.RWMutex
	ids  map[string]uint32
	list []string
}

// id is the number of a word, from 0.
func (w *words) id(s string) uint32 {
	w.mu.RLock()
	n, ok := w.ids[s]
	w.mu.RUnlock()
	if ok {
		return n
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if n, ok = w.ids[s]; ok {
		return n
	}
	if w.ids == nil {
		w.ids = map[string]uint32{}
	}
	s = strings.Clone(s)
	n = uint32(len(w.list))
	w.ids[s], w.list = n, append(w.list, s)
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

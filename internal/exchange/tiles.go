package exchange

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"entente/internal/chancery"
	"entente/ledger"
)

// serveTile serves a log as C2SP tlog-tiles has it, for clients that are not this program: the
// checkpoint, hash tiles and entry bundles. The log is named by the hexadecimal part of its origin.
func (x *Exchange) serveTile(w http.ResponseWriter, r *http.Request, from chancery.Counterpart, _ *peer) {
	for _, g := range x.shared(from.Card) {
		for _, st := range g.Heads() {
			found := false
			var b []byte
			g.Book(st.Log, func(book *ledger.Book) {
				if book.Origin() != "entente/"+r.PathValue("origin") {
					return
				}
				if r.PathValue("path") == "checkpoint" {
					b, found = book.Head().Note(), true
				} else if t, err := parseTile(r.PathValue("path")); err == nil {
					b, found = t.read(book)
				}
			})
			if found {
				serveBytes(w, r.PathValue("path"), b)
				return
			}
		}
	}
	http.NotFound(w, r)
}

func serveBytes(w http.ResponseWriter, path string, b []byte) {
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Cache-Control", "max-age=31536000, immutable")
	if path == "checkpoint" {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
	}
	w.Write(b)
}

// A tile is what a path names: a hash tile, or an entry bundle (level entries).
type tile struct {
	level int
	n     uint64
	width int
}

const entries = -1

func (t tile) read(b *ledger.Book) ([]byte, bool) {
	if t.level == entries {
		return b.Bundle(t.n, t.width)
	}
	return b.Tile(t.level, t.n, t.width)
}

// parseTile reads "tile/<level>/<number>[.p/<width>]" or "tile/entries/<number>[.p/<width>]".
func parseTile(path string) (t tile, err error) {
	bad := fmt.Errorf("%.60q names no tile", path)
	rest, ok := strings.CutPrefix(path, "tile/")
	level, rest, ok2 := strings.Cut(rest, "/")
	if !ok || !ok2 {
		return t, bad
	}
	t.level, t.width = entries, ledger.BundleLeaves
	if level != "entries" {
		if t.level, err = strconv.Atoi(level); err != nil || t.level < 0 || t.level > 5 || strconv.Itoa(t.level) != level {
			return t, bad
		}
	}
	number, width, partial := strings.Cut(rest, ".p/")
	if partial {
		if t.width, err = strconv.Atoi(width); err != nil || t.width < 1 || t.width >= ledger.BundleLeaves || strconv.Itoa(t.width) != width {
			return t, bad
		}
	}
	if t.n, err = parseTileNumber(number); err != nil {
		return t, bad
	}
	return t, nil
}

// parseTileNumber reads groups of three digits, all but the last with an x before them.
func parseTileNumber(s string) (n uint64, err error) {
	groups := strings.Split(s, "/")
	if len(groups) > 5 || len(groups) > 1 && groups[0] == "x000" {
		return 0, strconv.ErrRange
	}
	for i, g := range groups {
		if i < len(groups)-1 {
			if !strings.HasPrefix(g, "x") {
				return 0, strconv.ErrSyntax
			}
			g = g[1:]
		}
		v, err := strconv.ParseUint(g, 10, 16)
		if err != nil || len(g) != 3 {
			return 0, strconv.ErrSyntax
		}
		n = n*1000 + v
	}
	return n, nil
}

package exchange_test

import (
	"context"
	"crypto/tls"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/transparency-dev/merkle/rfc6962"
	"github.com/transparency-dev/tessera/api"
	"github.com/transparency-dev/tessera/client"
	"github.com/transparency-dev/tessera/fsck"
	"golang.org/x/mod/sumdb/note"

	"entente/internal/exchange"
	"entente/ledger"
)

// TestTesseraChecksOurServer: an independent client, with a member's exchange key, rebuilds the
// root of every log of a group from what the server serves.
func TestTesseraChecksOurServer(t *testing.T) {
	n, a, b := workloadHomes(t, 6000, 0)
	a.serve()
	reader := stranger(t, n, b.keys.Exchange(), a, tls.VersionTLS13)
	reader.Transport.(*http.Transport).DisableKeepAlives = false
	logs := 0
	for _, g := range a.Groups() {
		for _, st := range g.Heads() {
			key := g.Charter().Parties[st.Log.Party].Signing
			origin := ledger.Origin(g.ID(), key, st.Log.Epoch)
			root, err := url.Parse("https://counterpart/tiles/" + strings.TrimPrefix(origin, "entente/"))
			if err != nil {
				t.Fatal(err)
			}
			f, err := client.NewHTTPFetcher(root, reader)
			if err != nil {
				t.Fatal(err)
			}
			vkey, err := note.NewEd25519VerifierKey(origin, key)
			if err != nil {
				t.Fatal(err)
			}
			v, err := note.NewVerifier(vkey)
			if err != nil {
				t.Fatal(err)
			}
			if err := fsck.New(origin, v, f, hashBundle, fsck.Opts{N: 2}).Check(context.Background()); err != nil {
				t.Errorf("%v with %d entries: %v", st.Log, st.Size, err)
			}
			logs++
		}
	}
	if logs != 10 {
		t.Errorf("%d logs", logs)
	}
}

// hashBundle hashes an entry bundle as Tessera's own reader does.
func hashBundle(b []byte) ([][]byte, error) {
	var eb api.EntryBundle
	if err := eb.UnmarshalText(b); err != nil {
		return nil, err
	}
	var out [][]byte
	for _, e := range eb.Entries {
		out = append(out, rfc6962.DefaultHasher.HashLeaf(e))
	}
	return out, nil
}

func TestTilePaths(t *testing.T) {
	for path, want := range map[string][3]int{
		"tile/0/000": {0, 0, 256}, "tile/5/001": {5, 1, 256}, "tile/0/x001/234": {0, 1234, 256}, "tile/entries/x001/x002/003.p/7": {-1, 1002003, 7},
		"tile/1/999.p/255": {1, 999, 255},
	} {
		level, n, width, err := exchange.ParseTilePath(path)
		if err != nil || [3]int{level, int(n), width} != want {
			t.Errorf("%s: %d %d %d %v", path, level, n, width, err)
		}
	}
	for _, path := range []string{"", "tile", "tile/0", "tile/0/", "tile/0/0", "tile/0/00", "tile/0/0000", "tile/6/000", "tile/-1/000", "tile/00/000", "tile/+0/000",
		"tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/07", "tile/0/000.p/", "tile/0/x000/001", "tile/0/001/002", "tile/0/x001", "tile/entries/+01", "tile/data/000",
		"tile/0/x001/x001/x001/x001/x001/001"} {
		if _, _, _, err := exchange.ParseTilePath(path); err == nil {
			t.Errorf("%s was read", path)
		}
	}
}

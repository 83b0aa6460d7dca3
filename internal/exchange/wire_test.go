package exchange_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/hex"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"entente/act"
	"entente/internal/exchange"
	"entente/ledger"
)

func drawBytes(t *rapid.T, least, most int) []byte {
	return rapid.SliceOfN(rapid.Byte(), least, most).Draw(t, "bytes")
}

func drawIDs(t *rapid.T) []act.Hash {
	var out []act.Hash
	for i := range rapid.IntRange(0, 4).Draw(t, "groups") {
		out = append(out, act.Hash{byte(i + 1), rapid.Byte().Draw(t, "id")})
	}
	return out
}

// drawLogs draws names of logs, in order.
func drawLogs(t *rapid.T, least int) []exchange.Held {
	seen := map[exchange.Held]bool{}
	for range rapid.IntRange(least, 5).Draw(t, "logs") {
		seen[exchange.Held{Party: rapid.Uint8Range(0, act.MaxParties-1).Draw(t, "party"), Epoch: rapid.Uint32().Draw(t, "epoch")}] = true
	}
	var out []exchange.Held
	for k := range seen {
		out = append(out, k)
	}
	slices.SortFunc(out, func(a, b exchange.Held) int {
		return cmp.Or(cmp.Compare(a.Party, b.Party), cmp.Compare(a.Epoch, b.Epoch))
	})
	return out
}

func drawHoldings(t *rapid.T) []exchange.Holdings {
	var out []exchange.Holdings
	for _, id := range drawIDs(t) {
		h := exchange.Holdings{Group: id, Logs: drawLogs(t, 0)}
		for i := range h.Logs {
			h.Logs[i].Size = rapid.Uint64Range(0, ledger.MaxEntries).Draw(t, "size")
			h.Logs[i].Cosigned = rapid.Uint64Range(0, 1<<act.MaxParties-1).Draw(t, "cosigned")
		}
		out = append(out, h)
	}
	return out
}

func drawParcel(t *rapid.T) (p exchange.Parcel) {
	for range rapid.IntRange(0, 2).Draw(t, "charters") {
		p.Charters = append(p.Charters, drawBytes(t, 1, 40))
	}
	for _, id := range drawIDs(t) {
		n := exchange.News{Group: id}
		for _, l := range drawLogs(t, 1) {
			q := exchange.Piece{Party: l.Party, Epoch: l.Epoch, From: rapid.Uint64Range(0, ledger.MaxEntries).Draw(t, "from")}
			for range rapid.IntRange(0, 3).Draw(t, "leaves") {
				q.Leaves = append(q.Leaves, drawBytes(t, 1, 300))
			}
			if q.Leaves == nil || rapid.Bool().Draw(t, "note") {
				q.Note = drawBytes(t, 1, 100)
			}
			n.Pieces = append(n.Pieces, q)
		}
		p.Groups = append(p.Groups, n)
	}
	return p
}

func TestMessagesComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		req := exchange.Request{Wait: rapid.Uint8Range(0, exchange.MaxWait).Draw(t, "wait"), All: rapid.Bool().Draw(t, "all"),
			Have: drawHoldings(t), Known: drawIDs(t), Push: drawParcel(t)}
		if got, err := exchange.ParseRequest(exchange.FormatRequest(req)); err != nil || !reflect.DeepEqual(got, req) {
			t.Fatalf("%+v came back as %+v: %v", req, got, err)
		}
		resp := exchange.Response{Parcel: req.Push, Have: req.Have, Known: req.Known, More: req.All}
		if got, err := exchange.ParseResponse(exchange.FormatResponse(resp)); err != nil || !reflect.DeepEqual(got, resp) {
			t.Fatalf("%+v came back as %+v: %v", resp, got, err)
		}
		if got, err := exchange.ParseParcel(exchange.FormatParcel(req.Push)); err != nil || !reflect.DeepEqual(got, req.Push) {
			t.Fatalf("%+v came back as %+v: %v", req.Push, got, err)
		}
	})
}

// TestMessagesAreStrict: what is out of bounds or in another form than the one is refused.
func TestMessagesAreStrict(t *testing.T) {
	id := bytes.Repeat([]byte{7}, 32)
	in := func(hexa string) []byte {
		b, err := hex.DecodeString(hexa)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	idHex := "5820" + hex.EncodeToString(id)
	// [1, wait, all, have, known, [charters, groups]]
	for name, c := range map[string]string{
		"wait too long":        "860118ff" + "f4" + "80" + "80" + "828080",
		"a number for a flag":  "860100" + "01" + "80" + "80" + "828080",
		"an undefined flag":    "860100" + "f7" + "80" + "80" + "828080",
		"null for a list":      "860100" + "f4" + "f6" + "80" + "828080",
		"an indefinite list":   "860100" + "f4" + "9fff" + "80" + "828080",
		"a longer number":      "86011800" + "f4" + "80" + "80" + "828080",
		"version 2":            "860200" + "f4" + "80" + "80" + "828080",
		"a field too few":      "850100" + "f4" + "80" + "80",
		"a field too many":     "870100" + "f4" + "80" + "80" + "828080" + "00",
		"a short id":           "860100" + "f4" + "80" + "8141ff" + "828080",
		"one id twice":         "860100" + "f4" + "80" + "82" + idHex + idHex + "828080",
		"party 40":             "860100" + "f4" + "8182" + idHex + "8184182800" + "0000" + "80" + "828080",
		"party −1":             "860100" + "f4" + "8182" + idHex + "81842000" + "0000" + "80" + "828080",
		"a size out of bounds": "860100" + "f4" + "8182" + idHex + "81840000" + "1b7fffffffffffffff00" + "80" + "828080",
		"one log twice":        "860100" + "f4" + "8182" + idHex + "828400000000" + "8400000000" + "80" + "828080",
		"an empty piece":       "860100" + "f4" + "80" + "80" + "828081" + "82" + idHex + "81" + "850000004040",
		"an empty group":       "860100" + "f4" + "80" + "80" + "828081" + "82" + idHex + "80",
		"a cut leaf":           "860100" + "f4" + "80" + "80" + "828081" + "82" + idHex + "81" + "8500000040" + "43000578",
		"an empty leaf":        "860100" + "f4" + "80" + "80" + "828081" + "82" + idHex + "81" + "8500000040" + "420000",
		"an empty charter":     "860100" + "f4" + "80" + "80" + "828140" + "80",
		"text for bytes":       "860100" + "f4" + "80" + "80" + "82816161" + "80",
		"a tag":                "860100" + "f4" + "80" + "80" + "c0828080",
	} {
		if _, err := exchange.ParseRequest(in(c)); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
	for _, c := range []string{"860100f48080828080", "860100f48182" + idHex + "818400000000" + "80828080"} {
		if _, err := exchange.ParseRequest(in(c)); err != nil {
			t.Errorf("%s: %v", c, err)
		}
	}
}

func TestUnpackIsBounded(t *testing.T) {
	b := bytes.Repeat([]byte("Entente "), 1<<17)
	p := exchange.Pack(b)
	if got, err := exchange.Unpack(p, len(b)); err != nil || !bytes.Equal(got, b) {
		t.Errorf("%d bytes came back as %d: %v", len(b), len(got), err)
	}
	if _, err := exchange.Unpack(p, len(b)-1); err == nil {
		t.Error("unpacked over the limit")
	}
	if _, err := exchange.Unpack(append(p[:len(p):len(p)], p...), 2*len(b)-1); err == nil {
		t.Error("two frames unpacked over the limit")
	}
	if got, err := exchange.Unpack(exchange.Pack(nil), 1<<20); err != nil || len(got) != 0 {
		t.Errorf("nothing came back as %x: %v", got, err)
	}
}

func FuzzParseRequest(f *testing.F) {
	f.Add(exchange.FormatRequest(exchange.Request{}))
	f.Add(exchange.FormatRequest(exchange.Request{Wait: 5, Have: []exchange.Holdings{{Logs: []exchange.Held{{Size: 3}}}}, Known: []act.Hash{{1}},
		Push: exchange.Parcel{Charters: [][]byte{{1}}, Groups: []exchange.News{{Pieces: []exchange.Piece{{Leaves: [][]byte{{1}}}}}}}}))
	f.Fuzz(func(t *testing.T, b []byte) {
		if r, err := exchange.ParseRequest(b); err == nil && !bytes.Equal(exchange.FormatRequest(r), b) {
			t.Errorf("%x is written as %x", b, exchange.FormatRequest(r))
		}
	})
}

func FuzzParseResponse(f *testing.F) {
	f.Add(exchange.FormatResponse(exchange.Response{}))
	f.Add(exchange.FormatResponse(exchange.Response{More: true, Have: []exchange.Holdings{{Logs: []exchange.Held{{Size: 3}}}}}))
	f.Fuzz(func(t *testing.T, b []byte) {
		if r, err := exchange.ParseResponse(b); err == nil && !bytes.Equal(exchange.FormatResponse(r), b) {
			t.Errorf("%x is written as %x", b, exchange.FormatResponse(r))
		}
	})
}

func FuzzParseParcel(f *testing.F) {
	f.Add(exchange.FormatParcel(exchange.Parcel{}))
	f.Add(exchange.FormatParcel(exchange.Parcel{Groups: []exchange.News{{Pieces: []exchange.Piece{{Note: []byte("n")}}}}}))
	f.Fuzz(func(t *testing.T, b []byte) {
		if p, err := exchange.ParseParcel(b); err == nil && !bytes.Equal(exchange.FormatParcel(p), b) {
			t.Errorf("%x is written as %x", b, exchange.FormatParcel(p))
		}
	})
}

func FuzzUnpack(f *testing.F) {
	f.Add(exchange.Pack([]byte("hello, hello, hello")))
	f.Fuzz(func(t *testing.T, b []byte) {
		if out, err := exchange.Unpack(b, 1<<20); err == nil && len(out) > 1<<20 {
			t.Errorf("%d bytes", len(out))
		}
	})
}

func FuzzParseCover(f *testing.F) {
	us, il := island(f)
	w := exchange.Cover{From: "US", Number: us.card.Number(), To: "IL", Recipient: il.card.Number(), Running: 1, Made: time.Unix(1e9, 0).UTC()}
	f.Add(exchange.PlainBundle(us.keys, w, exchange.Parcel{}))
	f.Fuzz(func(t *testing.T, b []byte) {
		if again, err := exchange.ParseCover(b); err == nil && !bytes.Equal(again, b) {
			t.Errorf("%q is written as %q", b, again)
		}
	})
}

func FuzzReadBundle(f *testing.F) {
	us, il := island(f)
	convene(us, il)
	file, _ := us.write(il, false)
	f.Add(file)
	f.Fuzz(func(t *testing.T, b []byte) {
		if _, err := il.x.ReadBundle(context.Background(), b); err == nil && !bytes.Equal(b, file) {
			t.Error("a bundle that nobody wrote was read")
		}
	})
}

func FuzzParseTile(f *testing.F) {
	for _, s := range []string{"tile/0/000", "tile/entries/x001/234.p/7", "tile/1/000.p/255", "tile/0/x000/001"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if level, _, width, err := exchange.ParseTilePath(s); err == nil && (level < -1 || level > 5 || width < 1 || width > 256) {
			t.Errorf("%q: level %d width %d", s, level, width)
		}
	})
}

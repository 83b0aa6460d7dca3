package main

import (
	"bufio"
	"context"
	crand "crypto/rand"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"entente/act"
	"entente/group"
	"entente/internal/api"
	"entente/internal/chancery"
	"entente/ledger"
	"entente/marking"
	"entente/party"
	"entente/text"
)

const (
	kills     = 200
	killAfter = 12 // acknowledgements, at most
)

// writeForEver opens the folder and writes goals, and says after each which entry it became.
func writeForEver() {
	ctx := context.Background()
	h, err := openHome(os.Args[1])
	if err != nil {
		fmt.Println("cannot:", err)
		return
	}
	s, err := openStation(ctx, h, stationConfig{clock: time.Now, log: discard()})
	if err != nil {
		fmt.Println("cannot:", err)
		return
	}
	g, _ := s.chancery.Group("0")
	who, err := s.chancery.Local(ctx, "d.reyes")
	for err == nil {
		var sent []api.Sent
		sent, err = api.Send(ctx, g, who, api.Ask{Act: "table", Kind: "goal", Title: api.Words{"en": "Words."}})
		if err == nil {
			fmt.Println(sent[0].Index, sent[0].ID, sent[0].Element)
		}
	}
	fmt.Println("cannot:", err)
}

// TestKilledServer kills a server without warning while it writes, time and again: what it had
// acknowledged is there under its number, nothing stands twice, and it writes on at once.
func TestKilledServer(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "us")
	makeAlone(t, dir)
	acknowledged := map[uint64]string{}
	for range kills {
		killOnce(t, dir, 1+rand.IntN(killAfter), acknowledged)
	}
	h, err := openHome(dir)
	if err != nil {
		t.Fatal(err)
	}
	s, err := openStation(t.Context(), h, stationConfig{clock: time.Now, log: discard()})
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	g, _ := s.chancery.Group("0")
	if why := g.Held(); why != "" {
		t.Fatalf("it may not write: %s", why)
	}
	seen := map[act.Ref]bool{}
	g.Book(ledger.Log{Group: g.ID()}, func(b *ledger.Book) {
		for index, id := range acknowledged {
			if index >= b.Size() || b.LeafHash(index).String() != id {
				t.Errorf("entry %d was acknowledged and is not there", index)
			}
		}
		for i := range b.Size() {
			a, err := act.Decode(b.Leaf(i))
			if err != nil {
				t.Fatal(err)
			}
			if tab, ok := a.Body.(act.Table); ok && seen[tab.Element] {
				t.Errorf("%s stands twice", tab.Element)
			} else if ok {
				seen[tab.Element] = true
			}
		}
	})
	if len(acknowledged) < kills {
		t.Fatalf("only %d entries were acknowledged", len(acknowledged))
	}
}

// makeAlone makes a party with a person and a group of its own.
func makeAlone(t *testing.T, dir string) {
	t.Helper()
	name := text.Texts{{Lang: "en", Text: "United States"}}
	h, err := makeHome(dir, crand.Reader, func(k party.Keys) party.Card { return k.Card("US", name, []text.Lang{"en"}, "") })
	if err != nil {
		t.Fatal(err)
	}
	s, err := openStation(t.Context(), h, stationConfig{clock: time.Now, log: discard()})
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	owner := chancery.Who{Admin: true}
	if err := s.chancery.AddPerson(t.Context(), owner, chancery.PersonRow{ID: "d.reyes", Name: name}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.chancery.Convene(t.Context(), owner, chancery.Terms{Name: name, Languages: []text.Lang{"en"},
		Ceiling: marking.New(marking.Amber), Members: []group.Member{{Code: "US", Names: name, Signing: h.card.Signing}}}); err != nil {
		t.Fatal(err)
	}
}

func killOnce(t *testing.T, dir string, after int, acknowledged map[uint64]string) {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(exe, dir)
	c.Args[0] = writerName
	c.Env = append(os.Environ(), writerName+"=1")
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for n := 0; lines.Scan(); n++ {
		var index uint64
		var id, ref string
		if strings.HasPrefix(lines.Text(), "cannot") {
			t.Fatal(lines.Text())
		}
		if _, err := fmt.Sscan(lines.Text(), &index, &id, &ref); err != nil {
			break // cut off by the kill
		}
		if was, known := acknowledged[index]; known && was != id {
			t.Fatalf("entry %d was given twice", index)
		}
		acknowledged[index] = id
		if n == after {
			if err := c.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	c.Wait()
}

package exchange_test

import (
	"context"
	"errors"
	"testing"

	"entente/act"
	"entente/internal/chancery"
	"entente/internal/exchange"
)

// restored is the home as of a backup: the stores as they were, the anchors as they are now.
func (h *home) restored(backup *shelves) *home {
	h.t.Helper()
	back := &home{t: h.t, keys: h.keys, card: h.card, desk: h.desk, shelf: newShelves(), net: h.net, who: h.who}
	for id, st := range backup.stores {
		back.shelf.stores[id], back.shelf.disks[id] = st, h.shelf.disks[id]
	}
	h.Close()
	back.open()
	return back
}

func (h *home) backup() *shelves {
	s := newShelves()
	for id, st := range h.shelf.stores {
		s.stores[id] = st.Copy()
	}
	return s
}

// TestRestoredServer: a server restored from a backup does not write, takes its own entries back
// from its counterpart, opens a new epoch, and both go on.
func TestRestoredServer(t *testing.T) {
	ctx := context.Background()
	_, homes := alliance(t, "US", "IL")
	us, il := homes[0], homes[1]
	us.table("A-1", "One.")
	backup := us.backup()
	second := us.table("A-2", "Two.")
	us.table("A-3", "Three.") // one step alone would be completed from the anchor
	stop := us.serve()
	if err := il.x.Fetch(ctx); err != nil {
		t.Fatal(err)
	}
	stop()
	us = us.restored(backup)
	var closed *chancery.Closed
	if _, err := us.plenary().Admit(ctx, us.who, draft(act.Table{Element: "A-2", Content: act.Content{Kind: act.Action, Text: names("Another two.")}})); !errors.As(err, &closed) {
		t.Fatalf("a restored server wrote: %v", err)
	}
	us.serve()
	il.serve()
	if err := us.x.Fetch(ctx); !errors.As(err, &closed) {
		t.Errorf("without recovering, its own entries came back: %v", err)
	}
	list, err := us.x.Status(ctx)
	if err != nil || list[0].State != "refused" || list[0].Problem == "" {
		t.Errorf("status: %+v %v", list, err)
	}
	done := us.Recovering()
	if err := us.x.Fetch(ctx); err != nil {
		t.Fatal(err)
	}
	done()
	rec, err := us.Recover(ctx, chancery.Who{Admin: true}, "")
	if err != nil || len(rec) != 1 || rec[0].Epoch != 1 || rec[0].Lost != 0 {
		t.Fatalf("%+v %v", rec, err)
	}
	il.accept("A-2", second)
	for range 3 {
		for _, h := range []*home{us, il} {
			if err := h.x.Fetch(ctx); err != nil {
				t.Fatal(err)
			}
		}
	}
	if inForce(us, "A-2") != second || inForce(il, "A-2") != second || !same(us.plenary().ID(), us, il) {
		t.Error("they do not go on as before")
	}
	if r := file(t, us, il); r.Taken.Entries != 0 {
		t.Errorf("a whole bundle over two epochs brings %d entries that were there", r.Taken.Entries)
	}
}

func file(t *testing.T, from, to *home) exchange.Reading {
	b, _ := from.write(to, true)
	return to.apply(b)
}

// TestMovedFolder: a server whose folder was copied never goes on in the same epoch, whatever one
// counterpart says: another may hold more, and a bundle may be under way.
func TestMovedFolder(t *testing.T) {
	ctx := context.Background()
	_, homes := alliance(t, "US", "IL")
	us, il := homes[0], homes[1]
	reopen := func(place string) {
		us.Close()
		us.place = place
		us.open()
	}
	reopen("here")
	us.table("A-1", "One.")
	il.serve()
	us.serve()
	for range 2 {
		for _, h := range homes {
			if err := h.x.Fetch(ctx); err != nil {
				t.Fatal(err)
			}
		}
	}
	reopen("there")
	if us.plenary().Held() == "" {
		t.Fatal("a copied folder is not noticed")
	}
	if err := us.x.Fetch(ctx); err != nil {
		t.Fatal(err)
	}
	if us.plenary().Held() == "" {
		t.Fatal("one counterpart's word was enough")
	}
	if _, err := us.Recover(ctx, chancery.Who{Admin: true}, "there"); err != nil {
		t.Fatal(err)
	}
	us.table("A-2", "Two.")
	if err := il.x.Fetch(ctx); err != nil {
		t.Fatal(err)
	}
}

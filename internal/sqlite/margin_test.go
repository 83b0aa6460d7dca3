package sqlite_test

import (
	"context"
	"errors"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"entente/act"
	"entente/internal/national"
	"entente/internal/sqlite"
	"entente/text"
)

func openMargin(t *testing.T, path string) *sqlite.Margin {
	t.Helper()
	m, err := sqlite.OpenMargin(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func marginEntries(t *testing.T, m *sqlite.Margin) (out []national.Entry) {
	t.Helper()
	err := m.Each(t.Context(), func(_ act.Hash, e national.Entry) error { out = append(out, e); return nil })
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestTheMarginIsKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), sqlite.MarginFile)
	m := openMargin(t, path)
	at := time.Date(2017, 12, 12, 9, 0, 0, 5e6, time.UTC)
	words := text.Texts{{Lang: "en", Text: "Hold firm."}, {Lang: "he", Text: "לעמוד איתן"}}
	want := []national.Entry{
		{Number: 1, Revision: 1, Field: national.Instruction, Element: "A-1.1", By: "d.reyes", At: at, Body: national.Body{Words: words}},
		{Number: 1, Revision: 2, Field: national.Instruction, Element: "A-1.1", By: "k.moore", At: at, Ended: true, Body: national.Body{Words: words}},
		{Number: 2, Revision: 1, Field: national.RedLines, By: "d.reyes", At: at, Body: national.Body{Line: &national.RedLine{Kind: national.InRange, Units: []string{"days"}, Max: "30"}}},
		{Number: 3, Revision: 1, Field: national.Cleared, By: "d.reyes", At: at, Body: national.Body{For: 7, Draft: act.Hash{1, 2}}},
	}
	for _, e := range want {
		if err := m.Add(t.Context(), act.Hash{9}, e); err != nil {
			t.Fatal(err)
		}
	}
	if err := m.Add(t.Context(), act.Hash{9}, want[0]); err == nil {
		t.Error("a revision was written twice")
	}
	copied := filepath.Join(t.TempDir(), "copy.db")
	if err := m.Backup(t.Context(), copied); err != nil {
		t.Fatal(err)
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	for _, p := range []string{path, copied} {
		m := openMargin(t, p)
		if got := marginEntries(t, m); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v", p, got)
		}
		m.Close()
	}
}

func TestAnotherFileIsNoMargin(t *testing.T) {
	path := filepath.Join(t.TempDir(), sqlite.PartyFile)
	p, err := sqlite.OpenParty(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	p.Close()
	var trouble *sqlite.Trouble
	if _, err := sqlite.OpenMargin(context.Background(), path); !errors.As(err, &trouble) || trouble.Kind != sqlite.Foreign {
		t.Fatalf("%v", err)
	}
}

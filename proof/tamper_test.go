package proof

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"entente/act"
	"entente/ledger"
)

// flips are the changes tried on every byte.
var flips = []func(byte) byte{
	func(b byte) byte { return b ^ 1 },
	func(b byte) byte { return b ^ 0x20 }, // another case
	func(b byte) byte { return b ^ 0x80 },
	func(b byte) byte { return b + 1 },
}

func TestEveryByteCounts(t *testing.T) {
	w, about := treaty(t, 2, 1)
	file := written(t, w.file(about))
	for half := range 2 {
		t.Run([]string{"even", "odd"}[half], func(t *testing.T) {
			t.Parallel()
			names := map[string]int{}
			for i := half; i < len(file); i += 2 {
				for _, flip := range flips {
					changed := bytes.Clone(file)
					if changed[i] = flip(file[i]); changed[i] == file[i] {
						continue
					}
					r := examined(changed)
					first, failed := r.First()
					if r.Valid || !failed {
						t.Fatalf("byte %d of %d from %q to %q was not noticed", i, len(file), file[i], changed[i])
					}
					if len(first.Where) == 0 {
						t.Fatalf("byte %d from %q to %q: %s does not say where: %s", i, file[i], changed[i], first.Name, first.Detail)
					}
					names[first.Name]++
				}
			}
			t.Logf("%d bytes; by what it was noticed: %v", len(file), names)
			for _, name := range []string{CheckFile, CheckKeys, CheckSignatures, CheckLogs, CheckCosignatures, CheckAdopted} {
				if names[name] == 0 {
					t.Errorf("no change was noticed by the check %q", name)
				}
			}
		})
	}
}

// Every byte of every entry, changed, is found in that entry.
func TestAlteredEntryIsNamed(t *testing.T) {
	w, about := treaty(t, 2, 2)
	file := written(t, w.file(about))
	f := w.file(about)
	for _, l := range f.Logs {
		for n, leaf := range l.Leaves {
			at := bytes.Index(file, []byte(leaf))
			for i := at; i < at+len(leaf); i++ {
				changed := bytes.Clone(file)
				changed[i] ^= 4
				c := result(examined(changed), CheckLogs)
				if c.Result != Failed || !slices.Equal(c.Where[0].Entries, []uint64{uint64(n)}) || c.Where[0].Party != w.charter.Code(l.Party) {
					t.Fatalf("byte %d of %s entry %d: %+v", i-at, w.charter.Code(l.Party), n, c)
				}
			}
		}
	}
}

func TestAlteredWordIsNamed(t *testing.T) {
	w, about := treaty(t, 2, 3)
	file := written(t, w.file(about))
	changed := bytes.Replace(file, []byte("shall meet 2"), []byte("should meet2"), 1)
	r := examined(changed, w.cards...)
	c, text := result(r, CheckLogs), result(r, CheckText)
	if c.Result != Failed || c.Where[0].Party != "US" || c.Where[0].Paragraph != 2 || c.Where[0].Element != "G-2" || len(c.Where) != 1 {
		t.Errorf("%+v", c)
	}
	if text.Result != Failed || len(text.Where) != 1 || text.Where[0].Paragraph != 2 {
		t.Errorf("%+v", text)
	}
	if !strings.HasPrefix(r.Answer, "No.") || r.Document != nil || r.Number != "" {
		t.Errorf("%+v", r)
	}
}

// A forger who makes the marks anew is found by what the other party had seen, and by the
// document's own list.
func TestForgedMarks(t *testing.T) {
	w, about := treaty(t, 2, 3)
	f := w.file(about)
	for n, leaf := range f.Logs[0].Leaves {
		f.Logs[0].Leaves[n] = strings.Replace(leaf, "shall meet 2", "should meet2", 1)
	}
	c := result(examined(written(t, f), w.cards...), CheckLogs)
	if c.Result != Failed || c.Where[0].Paragraph != 2 || len(c.Where[0].Entries) != 1 {
		t.Errorf("%+v", c)
	}
	f = w.file(about) // no word of the text, but the time of a confirmation
	l := &f.Logs[0]
	a, err := act.Decode(l.Leaves[3])
	if err != nil {
		t.Fatal(err)
	}
	a.At++
	leaf, err := act.Encode(a)
	if err != nil {
		t.Fatal(err)
	}
	l.Leaves[3] = string(leaf)
	c = result(examined(written(t, f), w.cards...), CheckLogs)
	if c.Result != Failed || !slices.Equal(c.Where[0].Entries, []uint64{3, 4}) {
		t.Errorf("%+v", c)
	}
}

// A word changed after initialling, by a party that signs its changed log anew: its own log is
// sound, but it is not what the other side adopted.
func TestChangedAfterInitialling(t *testing.T) {
	w, about := treaty(t, 2, 2)
	f := w.file(about)
	b := ledger.NewBook(w.books[0][0].Log(), w.charter.Parties[0].Signing)
	l := &f.Logs[0]
	for n, leaf := range l.Leaves {
		l.Leaves[n] = strings.Replace(leaf, "shall meet 2", "should meet2", 1)
	}
	b.Hold(l.Leaves)
	l.Note = w.note(b)
	r := examined(written(t, f), w.cards...)
	if first, _ := r.First(); r.Valid || first.Name != CheckAdopted {
		t.Errorf("%+v", r.Checks)
	}
	if c := result(r, CheckRule); c.Result != Skipped {
		t.Errorf("%+v", c)
	}
}

func TestTruncated(t *testing.T) {
	w, about := treaty(t, 2, 1)
	file := written(t, w.file(about))
	for n := range file {
		r := examined(file[:n])
		if c, failed := r.First(); r.Valid || !failed || c.Name != CheckFile {
			t.Fatalf("cut to %d of %d bytes: %+v", n, len(file), r)
		}
	}
	if r := examined(append(bytes.Clone(file), 0)); r.Valid {
		t.Error("a byte after the end")
	}
}

func TestReordered(t *testing.T) {
	w, about := treaty(t, 2, 2)
	for name, change := range map[string]func(f *File){
		"entries": func(f *File) { l := f.Logs[0].Leaves; l[3], l[4] = l[4], l[3] },
		"an entry left out": func(f *File) {
			f.Logs[0].Leaves = slices.Delete(slices.Clone(f.Logs[0].Leaves), 3, 4)
		},
		"an entry twice":  func(f *File) { f.Logs[0].Leaves = append(f.Logs[0].Leaves, f.Logs[0].Leaves[3]) },
		"the last entry":  func(f *File) { f.Logs[0].Leaves = f.Logs[0].Leaves[:len(f.Logs[0].Leaves)-1] },
		"notes exchanged": func(f *File) { f.Logs[0].Note, f.Logs[1].Note = f.Logs[1].Note, f.Logs[0].Note },
		"logs exchanged": func(f *File) {
			f.Logs[0].Leaves, f.Logs[1].Leaves = f.Logs[1].Leaves, f.Logs[0].Leaves
			f.Logs[0].Note, f.Logs[1].Note = f.Logs[1].Note, f.Logs[0].Note
		},
		"a log left out": func(f *File) { f.Logs = f.Logs[:1] },
	} {
		f := w.file(about)
		change(&f)
		r := examined(written(t, f), w.cards...)
		if c, failed := r.First(); r.Valid || !failed || len(c.Where) == 0 {
			t.Errorf("%s: %+v", name, r.Checks)
		}
	}
	f := w.file(about)
	f.Logs[0], f.Logs[1] = f.Logs[1], f.Logs[0]
	if err := Write(io.Discard, f); err == nil {
		t.Error("logs out of order were written")
	}
	f = w.file(about)
	f.Cards = slices.Clone(f.Cards)
	slices.Reverse(f.Cards)
	if err := Write(io.Discard, f); err == nil {
		t.Error("cards out of order were written")
	}
}

func TestOtherKeyInTheCharter(t *testing.T) {
	w, about := treaty(t, 2, 1)
	f := w.file(about)
	f.Cards = nil
	c := w.charter
	c.Parties = slices.Clone(c.Parties)
	c.Parties[1].Signing = keysOf(t, 50).Card("IL", nil, nil, "").Signing
	f.Charter = string(c.Format())
	got := result(examined(written(t, f)), CheckSignatures)
	if got.Result != Failed || got.Where[0].Party != "IL" || !strings.Contains(got.Detail, "key of IL") {
		t.Errorf("%+v", got)
	}
}

// blocked fails after some bytes, as a disk or a line does.
type blocked struct{ r io.Reader }

var errLine = errors.New("the line was cut")

func (b blocked) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	if errors.Is(err, io.EOF) {
		err = errLine
	}
	return n, err
}

func TestReaderFails(t *testing.T) {
	w, about := treaty(t, 2, 1)
	file := written(t, w.file(about))
	for _, n := range []int{0, 10, 100, 1000, len(file) - 1} {
		if _, err := Read(blocked{bytes.NewReader(file[:n])}); !errors.Is(err, errLine) {
			t.Errorf("after %d bytes: %v", n, err)
		}
	}
}

// A file that announces what does not come costs what has come.
func TestLyingLengths(t *testing.T) {
	w, _ := treaty(t, 2, 1)
	charter := string(w.charter.Format())
	note := string(w.note(w.books[0][0]))
	lie := fmt.Sprintf("entente proof v1\nabout plan\ncharter %d\n%slog 0 0 4194304 %d\n%sbundle 16777728\n", len(charter), charter, len(note), note)
	allocated := testing.Benchmark(func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := Read(strings.NewReader(lie)); err == nil {
				b.Fatal("read")
			}
		}
	}).AllocedBytesPerOp()
	if allocated > 4<<20 {
		t.Errorf("%d bytes were allocated for a file of %d", allocated, len(lie))
	}
}

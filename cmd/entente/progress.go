package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode"

	"entente/ledger"
)

// How progress is shown: only of what takes longer than meterAfter.
const (
	meterAfter = time.Second
	meterEvery = 200 * time.Millisecond
	meterBar   = 20 // characters
	meterWhat  = 28 // characters of what is done
	meterWord  = 90 * time.Second
)

// inBytes is the unit of what is counted in bytes, and shown as a size.
const inBytes = "bytes"

// A gauge is how far some work has come, for whoever looks at it meanwhile. It may be nil.
type gauge struct{ done, total atomic.Uint64 }

func (g *gauge) add(n uint64) {
	if g != nil {
		g.done.Add(n)
	}
}

func (g *gauge) expect(n uint64) {
	if g != nil {
		g.total.Add(n)
	}
}

func (g *gauge) look() (done, total uint64) { return g.done.Load(), g.total.Load() }

// A meter shows on one line of a terminal how far some work has come:
//
//	reading 46.bundle  [============--------]  7 810 of 12 400 entries  40 s left
//
// Where it is not known how much there is, it says how long the work has taken. The line is taken
// away at the end: what was done is said by the command.
type meter struct {
	out   io.Writer
	what  string                      // such as “reading 46.bundle”
	unit  string                      // what is counted, in the plural, or inBytes
	look  func() (done, total uint64) // a total of 0 is one that is not known; nil where nothing is counted
	clock func() time.Time
	began time.Time
	shown int // characters on the line
}

// draw shows how it stands, once the work has taken long enough.
func (t *meter) draw() {
	took := t.clock().Sub(t.began)
	if took < meterAfter {
		return
	}
	var done, total uint64
	if t.look != nil {
		done, total = t.look()
	}
	t.put(meterLine(t.what, t.unit, done, total, took))
}

// put replaces what is on the line, without any code that a terminal might not know.
func (t *meter) put(line string) {
	n := len([]rune(line))
	fmt.Fprintf(t.out, "\r%s%s", line, strings.Repeat(" ", max(0, t.shown-n)))
	t.shown = n
}

// clear takes the line away.
func (t *meter) clear() {
	if t.shown > 0 {
		t.put("")
		fmt.Fprint(t.out, "\r")
	}
}

// run draws at every tick until it is told to end.
func (t *meter) run(ticks <-chan time.Time, end <-chan struct{}) {
	defer t.clear()
	for {
		select {
		case <-ticks:
			t.draw()
		case <-end:
			return
		}
	}
}

// meterLine is what a meter shows after that time.
func meterLine(what, unit string, done, total uint64, took time.Duration) string {
	line := shortened(strings.Map(printed, what), meterWhat)
	done = min(done, total)
	if total == 0 {
		return fmt.Sprintf("%s  %s", line, span(took))
	}
	full := int(float64(done) / float64(total) * meterBar)
	line += fmt.Sprintf("  [%s%s]  ", strings.Repeat("=", full), strings.Repeat("-", meterBar-full))
	if unit == inBytes {
		line += fmt.Sprintf("%s of %s", size(int(done)), size(int(total)))
	} else {
		line += fmt.Sprintf("%s of %s %s", grouped(done), grouped(total), unit)
	}
	if done == 0 || done == total {
		return line
	}
	return line + "  " + span(time.Duration(float64(took)*float64(total-done)/float64(done))) + " left"
}

// printed keeps a file's name from moving about on the terminal.
func printed(r rune) rune {
	if !unicode.IsPrint(r) {
		return '?'
	}
	return r
}

// span is a length of time as precisely as it can be known.
func span(d time.Duration) string {
	if d < meterWord {
		return fmt.Sprintf("%d s", max(1, int(d.Round(time.Second)/time.Second)))
	}
	return fmt.Sprintf("%s min", grouped(uint64(d.Round(time.Minute)/time.Minute)))
}

// follow shows the progress of some work until the function it returns is called. It shows nothing
// where nobody looks at a terminal, or asked for none.
func (m *Main) follow(what, unit string, look func() (done, total uint64)) (end func()) {
	if !m.showsProgress() {
		return func() {}
	}
	t := &meter{out: m.Stderr, what: what, unit: unit, look: look, clock: m.Now, began: m.Now()}
	ticker, over := time.NewTicker(meterEvery), make(chan struct{})
	var wait sync.WaitGroup
	wait.Go(func() { t.run(ticker.C, over) })
	return sync.OnceFunc(func() {
		ticker.Stop()
		close(over)
		wait.Wait()
	})
}

// showsProgress: the talk goes to a terminal that can take back a line, and nobody asked for plain lines.
func (m *Main) showsProgress() bool {
	return !m.json && m.Getenv("NO_COLOR") == "" && m.Getenv("TERM") != "dumb" && isTerminal(m.Stderr)
}

// isTerminal reports whether a file is a terminal, as far as its kind tells.
func isTerminal(f any) bool {
	file, ok := f.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return false
	}
	nothing, err := os.Stat(os.DevNull)
	return err != nil || !os.SameFile(info, nothing)
}

// gaugedStore is a group's store that tells how many of its entries have been read.
type gaugedStore struct {
	ledger.Store
	gauge *gauge
}

// Logs is ledger.Store's.
func (s *gaugedStore) Logs(ctx context.Context) ([]ledger.State, error) {
	states, err := s.Store.Logs(ctx)
	for _, st := range states {
		s.gauge.expect(st.Size)
	}
	return states, err
}

// Read is ledger.Store's.
func (s *gaugedStore) Read(ctx context.Context, log ledger.Log, from, to uint64, yield func(uint64, int, []byte) error) error {
	return s.Store.Read(ctx, log, from, to, func(first uint64, count int, bundle []byte) error {
		err := yield(first, count, bundle)
		s.gauge.add(uint64(count))
		return err
	})
}

// gaugedReader tells how many bytes have been read of a file.
type gaugedReader struct {
	io.Reader
	gauge *gauge
}

// Read is io.Reader's.
func (r gaugedReader) Read(b []byte) (int, error) {
	n, err := r.Reader.Read(b)
	r.gauge.add(uint64(n))
	return n, err
}

// folderSize is how many bytes of files stand below a folder now; what cannot be read counts nothing.
func folderSize(dir string) (n uint64) {
	// Files come and go while a folder is written; this is for a bar, and a bar may be wrong.
	_ = filepath.WalkDir(dir, func(_ string, d os.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return nil
		}
		if info, err := d.Info(); err == nil {
			n += uint64(info.Size())
		}
		return nil
	})
	return n
}

package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestMeterLine(t *testing.T) {
	for _, c := range []struct {
		what, unit  string
		done, total uint64
		took        time.Duration
		want        string
	}{
		{"reading 46.bundle", "entries", 7810, 12400, 68 * time.Second, "reading 46.bundle  [============--------]  7 810 of 12 400 entries  40 s left"},
		{"exchanging", "entries", 0, 0, 12 * time.Second, "exchanging  12 s"},
		{"opening us", "entries", 0, 10, 2 * time.Second, "opening us  [--------------------]  0 of 10 entries"},
		{"opening us", "entries", 10, 10, 2 * time.Second, "opening us  [====================]  10 of 10 entries"},
		{"opening us", "entries", 11, 10, 2 * time.Second, "opening us  [====================]  10 of 10 entries"},
		{"opening us", "entries", 1, 1000, 10 * time.Second, "opening us  [--------------------]  1 of 1 000 entries  167 min left"},
		{"writing copy", inBytes, 25e6, 100e6, time.Second, "writing copy  [=====---------------]  25 MB of 100 MB  3 s left"},
		{"reading a-bundle-with-a-very-long-name.bundle", "", 0, 0, time.Second, "reading a-bundle-with-a-ver…  1 s"},
	} {
		if got := meterLine(c.what, c.unit, c.done, c.total, c.took); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}

// TestMeterLineNeverBreaks: whatever is counted, the line stays one line of a bounded length, and
// its bar has its length.
func TestMeterLineNeverBreaks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		done, total := rapid.Uint64().Draw(t, "done"), rapid.Uint64Min(1).Draw(t, "total")
		line := meterLine(rapid.String().Draw(t, "what"), "entries", done, total, time.Duration(rapid.Int64Min(0).Draw(t, "took")))
		if strings.ContainsAny(line, "\n\r\t") {
			t.Fatalf("the line breaks: %q", line)
		}
		if n := len([]rune(line)); n > 160 {
			t.Fatalf("%d characters: %s", n, line)
		}
		_, bar, _ := strings.Cut(line, "  [")
		if bar, _, _ = strings.Cut(bar, "]"); len(bar) != meterBar {
			t.Fatalf("a bar of %d characters: %s", len(bar), line)
		}
	})
}

// TestMeterShowsOnlyWhatTakesLong draws on the clock that it is handed, and leaves no character behind.
func TestMeterShowsOnlyWhatTakesLong(t *testing.T) {
	now := time.Unix(1500000000, 0)
	var out bytes.Buffer
	g := &gauge{}
	g.expect(100)
	m := &meter{out: &out, what: "opening us", unit: "entries", look: g.look, clock: func() time.Time { return now }, began: now}
	tick := func(after time.Duration) string {
		now = now.Add(after)
		m.draw()
		return out.String()
	}
	if s := tick(900 * time.Millisecond); s != "" {
		t.Errorf("after 0.9 s it shows %q", s)
	}
	g.add(50)
	if s := tick(200 * time.Millisecond); !strings.Contains(s, "\ropening us  [==========----------]  50 of 100 entries  1 s left") {
		t.Errorf("after 1.1 s it shows %q", s)
	}
	g.add(50)
	ticks, end, over := make(chan time.Time), make(chan struct{}), make(chan struct{})
	go func() { m.run(ticks, end); close(over) }()
	ticks <- now
	close(end)
	<-over
	if !strings.Contains(out.String(), "100 of 100 entries") {
		t.Error("a tick does not draw")
	}
	if left := screen(out.String()); left != "" {
		t.Errorf("it leaves %q on the screen", left)
	}
}

// screen is what a terminal shows of a line after carriage returns.
func screen(s string) string {
	var line []rune
	at := 0
	for _, r := range s {
		if r == '\r' {
			at = 0
			continue
		}
		if at == len(line) {
			line = append(line, ' ')
		}
		line[at] = r
		at++
	}
	return strings.TrimRight(string(line), " ")
}

// TestNoProgressWhereNobodyLooks: only on a terminal, only where plain lines were not asked for.
func TestNoProgressWhereNobodyLooks(t *testing.T) {
	file, err := os.Create(filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	nothing, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer nothing.Close()
	for name, w := range map[string]io.Writer{"a buffer": &bytes.Buffer{}, "a file": file, "the null device": nothing} {
		m := &Main{Stderr: w, Getenv: func(string) string { return "" }, Now: time.Now}
		if m.showsProgress() {
			t.Errorf("progress is shown on %s", name)
		}
		m.follow("opening", "entries", nil)()
	}
	terminal, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skip("no terminal can be made here: ", err)
	}
	defer terminal.Close()
	for env, want := range map[string]bool{"": true, "NO_COLOR=1": false, "TERM=dumb": false} {
		name, value, _ := strings.Cut(env, "=")
		m := &Main{Stderr: terminal, Now: time.Now, Getenv: func(s string) string {
			if s == name {
				return value
			}
			return ""
		}}
		if m.showsProgress() != want {
			t.Errorf("on a terminal with %q: progress %v", env, !want)
		}
		m.json = true
		if m.showsProgress() {
			t.Error("with --json progress is shown")
		}
	}
}

// TestOpeningIsCounted: every entry of a folder that is opened is counted once, and all are expected.
func TestOpeningIsCounted(t *testing.T) {
	dir := t.TempDir()
	m := &Main{Stdin: strings.NewReader(""), Stdout: io.Discard, Stderr: io.Discard, Getenv: func(string) string { return "" }, Now: time.Now}
	us := filepath.Join(dir, "us")
	for _, args := range [][]string{
		{"--data", us, "init", "--party", "US", "--name", "United States"},
		{"--data", us, "person", "add", "d.reyes", "--name", "D. Reyes"},
		{"--data", us, "group", "convene", "--number", "0", "--name", "Plenary"},
		{"--data", us, "propose", "--kind", "clause", "--text", "The Parties meet."},
	} {
		if code := m.Run(t.Context(), args); code != 0 {
			t.Fatalf("entente %v: exit code %d", args, code)
		}
	}
	h, err := openHome(us)
	if err != nil {
		t.Fatal(err)
	}
	g := &gauge{}
	s, err := openStation(t.Context(), h, stationConfig{clock: time.Now, log: discard(), gauge: g})
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	var held uint64
	for _, x := range s.chancery.Groups() {
		for _, st := range x.Heads() {
			held += st.Size
		}
	}
	if done, total := g.look(); done != held || total != held || held == 0 {
		t.Errorf("%d of %d entries counted, %d are held", done, total, held)
	}
	if err := s.backup(t.Context(), filepath.Join(dir, "copy")); err != nil {
		t.Fatal(err)
	}
	if n := folderSize(filepath.Join(dir, "copy")); n == 0 {
		t.Error("a backup has no size")
	}
}

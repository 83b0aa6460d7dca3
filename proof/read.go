package proof

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unsafe"

	"entente/act"
	"entente/group"
	"entente/ledger"
	"entente/party"
)

// Bounds of the parts of a file, in bytes.
const (
	maxLine   = 128
	maxBundle = ledger.BundleLeaves * (2 + act.MaxLeaf)
	piece     = 1 << 20 // a longer blob is read in pieces of this size, so that a lie costs nothing
)

// A Damage says why bytes are not a proof file, and where.
type Damage struct {
	Where Where
	Why   string
}

func (e *Damage) Error() string {
	return fmt.Sprintf("the file cannot be trusted: %s: %s. Nothing of it was used. Ask for the file again", e.Where, e.Why)
}

// Read reads a proof file strictly. What it returns is not verified: see [File.Verify]. A failure
// is a [*Damage], or what the reader failed with.
func Read(r io.Reader) (File, error) {
	limited := &io.LimitedReader{R: r, N: MaxFile + 1}
	in := &input{r: bufio.NewReaderSize(limited, 1<<16)}
	f, err := in.file()
	if err != nil && limited.N <= 0 {
		return File{}, &Damage{Where{Byte: MaxFile}, fmt.Sprintf("it is longer than %d bytes", MaxFile)}
	}
	if err != nil {
		return File{}, err
	}
	return f, nil
}

// An input is a file being read.
type input struct {
	r    *bufio.Reader
	at   int64  // bytes taken
	line string // the line taken last
	from int64  // where it began
}

func (in *input) damage(format string, a ...any) error {
	return &Damage{Where{Byte: in.from}, fmt.Sprintf(format, a...)}
}

func (in *input) file() (f File, err error) {
	if err := in.next(); err != nil {
		return f, err
	}
	if in.line != header {
		return f, in.damage("it does not begin with %q", header)
	}
	if err := in.subject(&f); err != nil {
		return f, err
	}
	if f.Charter, err = in.blob("charter", act.MaxCharter); err != nil {
		return f, err
	}
	charter, err := group.Parse(f.Charter)
	if err != nil {
		return f, in.damage("%v", err)
	}
	if err := in.next(); err != nil {
		return f, err
	}
	if err := in.cards(&f); err != nil {
		return f, err
	}
	if err := in.logs(&f, charter); err != nil {
		return f, err
	}
	if _, err := in.r.ReadByte(); err == nil {
		in.from = in.at
		return f, in.damage("something stands after its end")
	}
	if _, err := f.check(); err != nil {
		return f, &Damage{Where{Byte: in.at}, err.Error()}
	}
	f.bytes = in.at
	return f, nil
}

// next takes one line.
func (in *input) next() error {
	in.from = in.at
	b, err := in.r.ReadSlice('\n')
	in.at += int64(len(b))
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, bufio.ErrBufferFull) {
		return fmt.Errorf("the file could not be read: %w. Nothing of it was used", err)
	}
	if err != nil || len(b) > maxLine {
		return in.damage("it is cut off, or not a proof file")
	}
	in.line = string(b[:len(b)-1])
	return nil
}

// subject takes what the file is about.
func (in *input) subject(f *File) (err error) {
	if err := in.next(); err != nil {
		return err
	}
	if strings.HasPrefix(in.line, "about "+wordVerdict+" ") {
		f.Claim, err = in.claim()
		return err
	}
	f.About, err = in.about()
	return err
}

// about takes the line that was read apart.
func (in *input) about() (s Subject, err error) {
	what, ok := strings.CutPrefix(in.line, "about ")
	if what == aboutAll && ok {
		return s, nil
	}
	ref, id, _ := strings.Cut(what, " ")
	s.Document, err = act.ParseRef(ref)
	if err == nil {
		s.Revision, err = act.ParseHash(id)
	}
	if err != nil || !ok || s.Revision.IsZero() {
		return s, in.damage("it does not say what it is about")
	}
	return s, nil
}

// words takes the line that was read apart: a word, and as many plain numbers as limits.
func (in *input) words(word string, limits ...uint64) ([]uint64, error) {
	fields := strings.Split(in.line, " ")
	if fields[0] != word || len(fields) != 1+len(limits) {
		return nil, in.damage("a line that begins %q is expected", word)
	}
	out := make([]uint64, len(limits))
	for i, limit := range limits {
		n, err := strconv.ParseUint(fields[1+i], 10, 64)
		if err != nil || strconv.FormatUint(n, 10) != fields[1+i] || n > limit {
			return nil, in.damage("a number out of bounds after %q", word)
		}
		out[i] = n
	}
	return out, nil
}

// blob takes a line with a word and a length, and that many bytes.
func (in *input) blob(word string, limit int) (string, error) {
	if err := in.next(); err != nil {
		return "", err
	}
	n, err := in.words(word, uint64(limit))
	if err != nil {
		return "", err
	}
	return in.take(int(n[0]))
}

// take takes n bytes.
func (in *input) take(n int) (string, error) {
	b := make([]byte, 0, min(n, piece))
	for len(b) < n {
		more := min(n-len(b), piece)
		if cap(b)-len(b) < more {
			b = append(make([]byte, 0, min(n, 2*cap(b)+more)), b...)
		}
		m, err := io.ReadFull(in.r, b[len(b):len(b)+more])
		in.at += int64(m)
		b = b[:len(b)+m]
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return "", in.damage("it is cut off: %d bytes are announced here, and %d came", n, len(b))
		}
		if err != nil {
			return "", fmt.Errorf("the file could not be read: %w. Nothing of it was used", err)
		}
	}
	// The bytes are nobody else's and are never changed again, so they can be the string.
	return unsafe.String(unsafe.SliceData(b), len(b)), nil
}

func (in *input) cards(f *File) error {
	for strings.HasPrefix(in.line, "card ") {
		n, err := in.words("card", party.MaxCard)
		if err != nil {
			return err
		}
		if len(f.Cards) == act.MaxParties {
			return in.damage("it has more than %d cards", act.MaxParties)
		}
		b, err := in.take(int(n[0]))
		if err != nil {
			return err
		}
		card, err := party.ParseCard([]byte(b))
		if err != nil {
			return in.damage("%v", err)
		}
		f.Cards = append(f.Cards, card)
		if err := in.next(); err != nil {
			return err
		}
	}
	return nil
}

func (in *input) logs(f *File, c group.Charter) error {
	left := uint64(MaxEntries)
	for in.line != footer {
		n, err := in.words("log", uint64(len(c.Parties)-1), MaxLogs, left, ledger.MaxNote)
		if err != nil {
			return err
		}
		if len(f.Logs) == MaxLogs {
			return in.damage("it has more than %d logs", MaxLogs)
		}
		left -= n[2]
		note, err := in.take(int(n[3]))
		if err != nil {
			return err
		}
		f.Logs = append(f.Logs, Log{Party: uint8(n[0]), Epoch: uint32(n[1]), Note: []byte(note)})
		if err := f.checkHead(c); err != nil {
			return in.damage("%v", err)
		}
		if err := in.entries(&f.Logs[len(f.Logs)-1], n[2], c.Code(uint8(n[0]))); err != nil {
			return err
		}
		if err := in.next(); err != nil {
			return err
		}
	}
	return nil
}

// checkHead checks the place of the log that was just begun, before its entries are read.
func (f *File) checkHead(c group.Charter) error {
	l := &f.Logs[len(f.Logs)-1]
	l.Leaves = []string{""} // it will have some
	err := f.checkLog(c, len(f.Logs)-1)
	l.Leaves = nil
	return err
}

// entries takes a log's bundles.
func (in *input) entries(l *Log, entries uint64, code party.Code) error {
	for uint64(len(l.Leaves)) < entries {
		from := uint64(len(l.Leaves))
		want := min(entries-from, ledger.BundleLeaves)
		bundle, err := in.blob("bundle", maxBundle)
		if err != nil {
			return err
		}
		l.Leaves, err = ledger.SplitBundle(l.Leaves, bundle)
		if err != nil || uint64(len(l.Leaves)) != from+want {
			where := Where{Party: code, Epoch: l.Epoch, Entries: []uint64{from, from + want - 1}, Byte: in.from}
			return &Damage{where, fmt.Sprintf("the lengths of these entries do not add up to %d entries", want)}
		}
		marks, err := in.take(markSize * int(want))
		if err != nil {
			return err
		}
		l.marks = append(l.marks, marks...)
	}
	return nil
}

package proof

import (
	"bufio"
	"fmt"
	"io"

	"entente/act"
	"entente/ledger"
)

const (
	header   = "entente proof v1"
	aboutAll = "plan"
	footer   = "end"
	markSize = 4 // bytes of a leaf's hash
)

// Write writes a proof file. It refuses what Read would refuse, and verifies nothing: whoever
// wants to know whether the proof holds reads the file and asks it.
func Write(w io.Writer, f File) error {
	if _, err := f.check(); err != nil {
		return fmt.Errorf("the proof file was not written: %w", err)
	}
	out := bufio.NewWriterSize(w, 1<<16)
	if c := f.Claim; c != nil {
		fmt.Fprintf(out, "%s\n%s %s\n", header, c.lines(), c.Digest)
	} else {
		fmt.Fprintf(out, "%s\nabout %s\n", header, f.About)
	}
	blob(out, f.Charter, "charter")
	for _, c := range f.Cards {
		blob(out, string(c.Bytes()), "card")
	}
	for i := range f.Logs {
		l := &f.Logs[i]
		if len(l.Note) == 0 || len(l.Note) > ledger.MaxNote {
			return fmt.Errorf("the proof file was not written: a log has no checkpoint, or one out of bounds")
		}
		blob(out, string(l.Note), "log", l.Party, l.Epoch, len(l.Leaves))
		if err := l.write(out); err != nil {
			return err
		}
	}
	fmt.Fprintf(out, "%s\n", footer)
	if err := out.Flush(); err != nil {
		return fmt.Errorf("the proof file was not written whole: %w. Remove what there is of it", err)
	}
	return nil
}

// String is the subject as a file names it: "D-1 7f3a…", or "plan".
func (s Subject) String() string {
	if s.IsPlan() {
		return aboutAll
	}
	return fmt.Sprintf("%s %s", s.Document, s.Revision)
}

// blob writes a line of words and a length, and the bytes. A failure stays in w until it is flushed.
func blob(w *bufio.Writer, b string, words ...any) {
	for _, word := range words {
		fmt.Fprint(w, word, " ")
	}
	fmt.Fprintf(w, "%d\n", len(b))
	w.WriteString(b)
}

func (l *Log) write(w *bufio.Writer) error {
	var bundle, marks []byte
	for from := 0; from < len(l.Leaves); from += ledger.BundleLeaves {
		leaves := l.Leaves[from:min(from+ledger.BundleLeaves, len(l.Leaves))]
		bundle, marks = bundle[:0], marks[:0]
		for i, leaf := range leaves {
			if len(leaf) == 0 || len(leaf) > act.MaxLeaf {
				return fmt.Errorf("the proof file was not written whole: entry %d has %d bytes. Remove what there is of it", from+i, len(leaf))
			}
			bundle = ledger.AppendBundle(bundle, leaf)
			h := act.LeafHash([]byte(leaf))
			marks = append(marks, h[:markSize]...)
		}
		if len(l.marks) == markSize*len(l.Leaves) { // as read, even where they are wrong
			marks = l.marks[markSize*from : markSize*(from+len(leaves))]
		}
		blob(w, string(bundle), "bundle")
		w.Write(marks)
	}
	return nil
}

package proof

import (
	"bytes"
	"encoding/json"
	"testing"
)

// Whatever is read is written again to the same bytes, and whatever is examined gives a report.
func FuzzExamine(f *testing.F) {
	w, about := treaty(f, 2, 1)
	whole := written(f, w.file(about))
	f.Add(whole)
	f.Add(whole[:len(whole)/2])
	f.Add(written(f, w.file(Subject{})))
	f.Add([]byte("entente proof v1\nabout plan\ncharter 3\nabcend\n"))
	f.Add([]byte(evidenceHeader + "first 0\nsecond 0\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		file, err := Read(bytes.NewReader(b))
		if err == nil {
			var again bytes.Buffer
			if err := Write(&again, file); err != nil {
				t.Fatalf("read, but not written: %v", err)
			}
			if !bytes.Equal(again.Bytes(), b) {
				t.Fatal("written again, it is another file")
			}
		}
		r := Examine(bytes.NewReader(b), w.cards...)
		if r.Valid && !bytes.Equal(b, whole) && r.Kind == KindProof && r.Document != nil {
			t.Fatal("another file is a valid proof of the document")
		}
		if r.Passed+r.Failed+r.Skipped != len(r.Checks) || len(r.Checks) == 0 || r.Answer == "" {
			t.Fatalf("a report that does not add up: %+v", r)
		}
		if _, err := json.Marshal(r); err != nil {
			t.Fatal(err)
		}
	})
}

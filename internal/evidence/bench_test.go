package evidence_test

import (
	"bytes"
	"fmt"
	"testing"

	"entente/act"
	"entente/internal/compliance"
	"entente/internal/evidence"
)

// BenchmarkExamine checks a file with 100,000 readings in 200 acts and computes its verdict.
func BenchmarkExamine(b *testing.B) {
	w := water(b)
	for batch := range 200 {
		r := act.Report{Element: "T-1", Sources: []act.Citation{{Title: fmt.Sprint("Report ", batch)}}}
		for n := range 500 {
			day := act.Date(fmt.Sprintf("20%02d-%02d-%02d", batch%16, 1+n%12, 1+n/12%28))
			r.Readings = append(r.Readings, act.Reading{Quantity: fmt.Sprint("q", n%40), Value: "7", Unit: "t", AsOf: day})
		}
		w.say(batch%2, "d.reyes", r)
	}
	file := written(b, about(b, w, compliance.Today("2016-02-20")))
	b.SetBytes(int64(len(file)))
	for b.Loop() {
		if r, again := evidence.Examine(bytes.NewReader(file), w.cards...); !r.Valid || again.Readings != 100_002 {
			b.Fatalf("%s %+v", r.Answer, again)
		}
	}
}

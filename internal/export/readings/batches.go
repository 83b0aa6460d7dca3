package readings

import (
	"entente/act"
	"entente/marking"
)

// What an act of observations takes besides them, in bytes: its place in the log, what it has
// seen of every other party's log, its marking. And what one field takes besides its text.
const (
	envelope  = 4 << 10
	perField  = 4 // its key, and the length before its text
	perList   = 16
	readFixed = 10 * perField // of a reading, its numbers and its place in the list
	citeFixed = 5*perField + 1
)

// Batches cuts the entries into reports about an element, in their order, so that an act can
// hold each (act.MaxLeaf bytes, act.MaxReadings readings, act.MaxCitations sources) whatever
// its place in the log. The marking, if any, stands on each.
func (p *Preview) Batches(element act.Ref, label *marking.Label) []act.Report {
	var out []act.Report
	b := newBatch(element, label, len(p.Entries))
	for _, e := range p.Entries {
		if !b.add(e, p.Sources) {
			out = append(out, b.report)
			b = newBatch(element, label, len(p.Entries))
			b.add(e, p.Sources) // one always fits: its texts are bounded
		}
	}
	if len(b.report.Readings) > 0 {
		out = append(out, b.report)
	}
	return out
}

// usual is about how many readings fit into an act.
const usual = 512

// batch is a report that is being filled.
type batch struct {
	report  act.Report
	sources map[int]uint16 // by their place in the preview
	size    int
}

func newBatch(element act.Ref, label *marking.Label, most int) *batch {
	b := &batch{report: act.Report{Element: element, Marking: label, Readings: make([]act.Reading, 0, min(usual, most))}, sources: map[int]uint16{}, size: envelope + len(element) + 2*perList}
	if label != nil {
		for _, code := range label.Releasable {
			b.size += perField + len(code)
		}
	}
	return b
}

// add puts a reading in, if there is room.
func (b *batch) add(e Entry, sources []act.Citation) bool {
	place, known := b.sources[e.Source]
	size := b.size + readingSize(&e.Reading)
	if !known {
		place = uint16(len(b.report.Sources))
		size += citationSize(sources[e.Source])
	}
	full := size > act.MaxLeaf || len(b.report.Readings) == act.MaxReadings || int(place) == act.MaxCitations
	if full && len(b.report.Readings) > 0 {
		return false
	}
	if !known {
		b.sources[e.Source] = place
		b.report.Sources = append(b.report.Sources, sources[e.Source])
	}
	e.Reading.Source = place
	b.report.Readings = append(b.report.Readings, e.Reading)
	b.size = size
	return true
}

// readingSize is at least what a reading takes in an act.
func readingSize(x *act.Reading) int {
	return readFixed + len(x.Quantity) + len(x.Value) + len(x.Unit) + len(x.AsOf) + len(x.Reported) + len(x.Note) + len(x.Bears)*(act.MaxRef+2*perField)
}

func citationSize(c act.Citation) int {
	return citeFixed + len(c.Title) + len(c.Document) + len(c.Place) + len(c.Address) + len(c.Quote)
}

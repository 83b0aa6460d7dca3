package web

import (
	"fmt"
	"net/http"

	"entente/act"
	"entente/internal/chancery"
	"entente/internal/export/sheet"
	"entente/plan"
)

// readingsFile gives the shared observations of an agreement or a programme as CSV, those that stand no
// more too and said to be so. No cell is a formula (sheet.WriteCSV). What the margin keeps is not in it.
func (s *Server) readingsFile(w http.ResponseWriter, r *http.Request, v visit) {
	ref, err := pathRef(r)
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	var rows [][]string
	v.group.View(func(p *plan.State) {
		if e := p.Element(ref); e != nil && (e.Kind() == act.Agreement || e.Kind() == act.Programme) {
			rows = readingRows(p, ref, v.group.Charter().Ceiling.String())
		}
	})
	if rows == nil {
		s.fail(w, r, v, chancery.ErrWithheld)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="observations-%s-%s.csv"`, v.group.Handle(), ref))
	if err := sheet.WriteCSV(w, rows); err != nil {
		s.log.Warn("an export could not be written", "err", err)
	}
}

// readingHead are the columns of the file; package readings finds them again by these names.
var readingHead = []string{"quantity", "sign", "value", "unit", "as of", "reported", "grade", "title", "document", "place", "address", "quote", "note",
	"party", "person", "entered", "stands", "marking", "id"}

// readingRows are the readings in causal order, under the head of the file.
func readingRows(p *plan.State, ref act.Ref, ceiling string) [][]string {
	rows := [][]string{readingHead}
	places := p.Accounts(ref)
	gone := goneReadings(p, places)
	parties := p.Parties()
	for _, at := range places {
		a := p.Act(at)
		b, ok := a.Body.(act.Report)
		if !ok {
			continue
		}
		marking := ceiling
		if b.Marking != nil {
			marking = b.Marking.String()
		}
		batch := p.LeafHash(at)
		for i, x := range b.Readings {
			var src act.Citation
			if int(x.Source) < len(b.Sources) {
				src = b.Sources[x.Source]
			}
			id := act.ReadingID{Batch: batch, Nth: uint16(i)}
			stands := gone[id]
			if gone[act.ReadingID{Batch: batch, Nth: wholeBatch}] != "" {
				stands = "taken back"
			}
			if stands == "" {
				stands = "yes"
			}
			sign := ""
			if x.Sign != act.Exactly { // a sign of equality begins a formula, and says nothing
				sign = x.Sign.String()
			}
			rows = append(rows, []string{x.Quantity, sign, x.Value, x.Unit, string(x.AsOf), string(x.Reported), x.Grade.String(),
				src.Title, src.Document, src.Place, src.Address, src.Quote, x.Note,
				string(parties[at.Party].Code), string(a.By), when(a.At).UTC().Format("2006-01-02T15:04:05Z"), stands, marking, id.String()})
		}
	}
	return rows
}

// wholeBatch stands for all readings of a batch.
const wholeBatch = act.MaxReadings

// goneReadings finds what stands no more: batches that were taken back, readings that were replaced. It
// goes from the latest act to the first, so that what was itself taken back takes nothing back.
func goneReadings(p *plan.State, places []plan.Place) map[act.ReadingID]string {
	gone := map[act.ReadingID]string{}
	owner := map[act.Hash]uint8{}
	for _, at := range places {
		owner[p.LeafHash(at)] = at.Party
	}
	for i := len(places) - 1; i >= 0; i-- {
		b, ok := p.Act(places[i]).Body.(act.Report)
		if !ok || gone[act.ReadingID{Batch: p.LeafHash(places[i]), Nth: wholeBatch}] != "" {
			continue
		}
		for _, h := range b.TakesBack {
			if owner[h] == places[i].Party {
				gone[act.ReadingID{Batch: h, Nth: wholeBatch}] = "taken back"
			}
		}
		for _, x := range b.Readings {
			if x.Replaces != nil && owner[x.Replaces.Batch] == places[i].Party {
				gone[*x.Replaces] = "replaced"
			}
		}
	}
	return gone
}

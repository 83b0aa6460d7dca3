package api

import (
	"context"
	"errors"
	"net/http"
	"path"
	"strings"

	"entente/act"
	"entente/internal/chancery"
	"entente/internal/compliance"
	"entente/internal/export/readings"
	"entente/internal/export/sheet"
	"entente/plan"
	"entente/text"
)

// The forms of a file of observations.
const (
	formCSV  = "csv"
	formXLSX = "xlsx"
	formIATI = "iati"
)

// maxSample is how many of the readings of a file are shown before they are sent.
const maxSample = 50

// AskReadingImport is a file of observations that is to be read and, where it is applied, sent.
type AskReadingImport struct {
	Element  string            `json:"element" doc:"the agreement or the programme"`
	File     []byte            `json:"file"`
	Name     string            `json:"name,omitempty" doc:"of the file: it names the source where the file does not"`
	Sheet    string            `json:"sheet,omitempty" doc:"of a workbook; none for the one that was open"`
	Mapping  *readings.Mapping `json:"mapping,omitempty" doc:"what the columns hold; none for what the head suggests"`
	Fit      bool              `json:"fit,omitempty" doc:"the mapping is of another file of the same form: find its columns by their names"`
	Apply    bool              `json:"apply,omitempty" doc:"send what was read; without it nothing is sent"`
	LeaveOut bool              `json:"leave_out,omitempty" doc:"apply: leave rejected rows out; without it one rejected row keeps all of them here"`
	Targets  bool              `json:"targets,omitempty" doc:"of an IATI file: propose an obligation for each value that is aimed at"`
	Marking  string            `json:"marking,omitempty"`
}

// A ReadingImport is what was read of a file, and what became of it.
type ReadingImport struct {
	Form    string            `json:"form"`              // csv, xlsx or iati
	Sheets  []sheet.Sheet     `json:"sheets,omitempty"`  // of a workbook
	Sheet   string            `json:"sheet,omitempty"`   // the one that was read
	Columns []sheet.Column    `json:"columns,omitempty"` // of the head
	Mapping *readings.Mapping `json:"mapping,omitempty"` // by which it was read, or that is suggested
	Problem string            `json:"problem,omitempty"` // what the mapping lacks: no row has been read yet

	Rows     int               `json:"rows"`              // below the head
	Ready    int               `json:"ready"`             // readings to be sent
	Already  int               `json:"already"`           // readings that stand already
	Blank    int               `json:"blank"`             // cells without a value, passed over
	Passed   int               `json:"passed"`            // rows passed over by the mapping's own conditions
	Rejected int               `json:"rejected"`          // rows of which something was rejected
	Rejects  []readings.Reject `json:"rejects,omitempty"` // cell by cell
	Untold   int               `json:"untold,omitempty"`  // rejected cells beyond those
	Sample   []ImportedReading `json:"sample,omitempty"`  // the first that would be sent
	Targets  []ImportedTarget  `json:"targets,omitempty"` // of an IATI file: what is aimed at and no obligation yet
	Acts     int               `json:"acts"`              // in which all go: all of them or none
	Sent     []SentBatch       `json:"sent,omitempty"`    // applied: the batches, by which they are taken back
}

// An ImportedReading is one reading as a row gave it.
type ImportedReading struct {
	Row     int          `json:"row"`
	Reading act.Reading  `json:"reading"`
	Source  act.Citation `json:"source"`
}

// An ImportedTarget is a value that is aimed at, and what an obligation would watch of it.
type ImportedTarget struct {
	Line  int        `json:"line"`
	Title text.Texts `json:"title"`
	Watch act.Watch  `json:"watch"`
	Ref   act.Ref    `json:"ref,omitempty"` // sent: the obligation that was proposed
}

// A SentBatch is one batch that was sent.
type SentBatch struct {
	ID       act.Hash `json:"id"`
	Readings int      `json:"readings"`
}

// ImportReadings reads a file of observations, says what it would bring, and sends it where that is
// asked: all of it or nothing. What stands already is not sent again. step, where given, is told how
// many rows of how many have been read.
func (d MonitorDesk) ImportReadings(ctx context.Context, g *chancery.Group, who chancery.Who, ask AskReadingImport, step func(done, of int)) (ReadingImport, error) {
	if !g.Powers(who).Has(act.MayRemark) {
		return ReadingImport{}, refuse("powers", "You do not have full powers to remark in this group. Nothing was sent. Ask your head of delegation, or somebody who has them.")
	}
	ref, err := ParseRef(ask.Element)
	if err != nil {
		return ReadingImport{}, err
	}
	label, err := parseMarking(ask.Marking)
	if err != nil {
		return ReadingImport{}, err
	}
	standing, here := standingKeys(g, ref)
	if !here {
		return ReadingImport{}, refuse("watched", "There is no agreement or programme %s in this group. Nothing was sent. Look at the plan for the reference you mean.", ref.Display())
	}
	progress := func(done, of int) error {
		if step != nil {
			step(done, of)
		}
		return ctx.Err()
	}
	if isXML(ask.File) {
		return d.importIATI(ctx, g, who, ask, ref, label, standing, progress)
	}
	out, p, err := ask.read(standing, progress)
	if err != nil || p == nil {
		return out, err
	}
	reports := p.Batches(ref, label)
	out.Acts = len(reports)
	if ask.Apply {
		err = d.send(ctx, g, who, ask, &out, nil, reports)
	}
	return out, err
}

// standingKeys are the keys of this party's readings that stand on an agreement or a programme.
func standingKeys(g *chancery.Group, ref act.Ref) (keys map[readings.Key]bool, here bool) {
	keys = map[readings.Key]bool{}
	g.Watch(func(p *plan.State, b *compliance.Book) {
		here = watchedBy(p, ref) == ref
		b.Batches(p, ref, g.Self(), func(_ act.Hash, r act.Report) { readings.Keys(keys, r) })
	})
	return keys, here
}

// read reads the file by its mapping; no preview where the mapping lacks something.
func (ask AskReadingImport) read(standing map[readings.Key]bool, progress func(done, of int) error) (out ReadingImport, p *readings.Preview, err error) {
	name := ask.Sheet
	if name == "" && ask.Mapping != nil {
		name = ask.Mapping.Sheet
	}
	t, err := sheet.Read(ask.File, sheet.Options{Sheet: name, Progress: func(x sheet.Progress) error { return progress(0, max(x.Rows, 1)) }})
	if err != nil {
		return out, nil, fileFault(err)
	}
	out = ReadingImport{Form: formCSV, Sheets: t.Sheets, Sheet: t.Sheet}
	if t.Form == sheet.XLSX {
		out.Form = formXLSX
	}
	m, head, err := ask.mapping(t)
	if err != nil {
		return out, nil, refuse("mapping", "The mapping does not fit the file: %v. Nothing was sent.", err)
	}
	out.Columns, out.Mapping = head.Columns, &m
	if err := m.Check(); err != nil {
		if ask.Apply {
			return out, nil, refuse("mapping", "The mapping does not fit the file: %v. Nothing was sent.", err)
		}
		out.Problem = err.Error()
		return out, nil, nil
	}
	if p, err = readings.Read(t, m, readings.Options{Standing: standing, Source: act.Citation{Title: titleOf(ask.Name)}, Progress: progress}); err != nil {
		return out, nil, refuse("mapping", "The mapping does not fit the file: %v. Nothing was sent.", err)
	}
	out.tell(p)
	return out, p, nil
}

// mapping is the mapping that is asked for, or what the head suggests.
func (ask AskReadingImport) mapping(t *sheet.Table) (readings.Mapping, sheet.Head, error) {
	if ask.Mapping == nil {
		return readings.Suggest(t), t.Suggest(), nil
	}
	m := *ask.Mapping
	if ask.Fit {
		head := t.Suggest()
		m, err := m.Fit(head)
		return m, head, err
	}
	return m, t.HeadAt(m.First, m.Last), nil
}

// tell takes over what was read.
func (out *ReadingImport) tell(p *readings.Preview) {
	out.Rows, out.Ready, out.Already, out.Blank, out.Passed = p.Rows, len(p.Entries), p.Already, p.Blank, p.Passed
	out.Rejected, out.Rejects, out.Untold = p.Rejected, p.Rejects, p.Untold
	for _, e := range p.Entries[:min(len(p.Entries), maxSample)] {
		out.Sample = append(out.Sample, ImportedReading{e.Row, e.Reading, p.Sources[e.Source]})
	}
}

// titleOf is the name of a file as it names a source: without its folder and its ending.
func titleOf(name string) string {
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	if title, err := prose(strings.TrimSuffix(name, path.Ext(name))); err == nil && title != "." && title != "/" && len(title) <= act.MaxCited {
		return title
	}
	return ""
}

// fileFault says why a file could not be read.
func fileFault(err error) error {
	var wrong *sheet.Error
	if errors.As(err, &wrong) {
		return refuse("file", "%s Nothing was sent.", strings.TrimRight(wrong.Error(), ". ")+".")
	}
	return err
}

// send sends what was read: as one sending, so that all of it is written or nothing.
func (d MonitorDesk) send(ctx context.Context, g *chancery.Group, who chancery.Who, ask AskReadingImport, out *ReadingImport, drafts []chancery.Draft, reports []act.Report) error {
	for _, r := range reports {
		drafts = append(drafts, chancery.Draft{Body: r})
	}
	switch {
	case out.Rejected > 0 && !ask.LeaveOut:
		return refuse("rejects", "%d of the file's %d rows were rejected. Nothing was sent. Mend the file or the mapping, or say that those rows are to be left out.", out.Rejected, out.Rows)
	case len(drafts) == 0 && out.Already == 0:
		return refuse("empty", "There is no observation in the file that could be sent. Nothing was sent.")
	case len(drafts) == 0:
		return nil // all of it stands already
	case len(drafts) > chancery.MaxOrder:
		return refuse("count", "The observations take %d acts, and %d are sent together. Nothing was sent. Cut the file in parts.", len(drafts), chancery.MaxOrder)
	}
	receipts, err := g.Admit(ctx, who, drafts...)
	if err != nil {
		return err
	}
	for i, r := range reports {
		out.Sent = append(out.Sent, SentBatch{receipts[len(receipts)-len(reports)+i].ID, len(r.Readings)})
	}
	return nil
}

func (s *Server) importReadings(r *http.Request, v visit, ask AskReadingImport) (ReadingImport, error) {
	if err := s.named(r.Context(), v); err != nil {
		return ReadingImport{}, err
	}
	return s.monitorDesk().ImportReadings(r.Context(), v.group, v.who, ask, nil)
}

package api

import (
	"bytes"
	"context"
	"net/http"

	"entente/act"
	"entente/internal/chancery"
	"entente/internal/evidence"
	"entente/proof"
)

// EvidenceFile gathers what shows the verdict on an obligation or a milestone: everything that the
// parties of its group have signed, up to their checkpoints, and the verdict that follows from it at
// the moment asked for. The verdict is computed from those very entries, and from nothing else: no
// reading of a national margin is in the file, or counts.
func EvidenceFile(ctx context.Context, c *chancery.Chancery, g *chancery.Group, ref act.Ref, ask AskMonitor) (f proof.File, err error) {
	if ask.At != "" {
		return f, badRequest("An evidence file holds the plan as it stands. Leave out the moment of the plan: known=2016-12-01 says by which day it was known.")
	}
	m, err := MonitorDesk{Chancery: c}.Moment(ask)
	if err != nil {
		return f, err
	}
	if f, err = ProofFile(ctx, c, g, ""); err != nil {
		return f, err
	}
	report, state := f.Study()
	if first, failed := report.First(); failed || state == nil {
		return f, refuse("evidence", "The logs here do not prove anything: %s Nothing was written. Ask your administrator to look at the server's log.", first.Sentence)
	}
	if e := state.Element(ref); e == nil || e.Kind() != act.Obligation && e.Kind() != act.Milestone {
		return f, chancery.ErrWithheld
	}
	claim, ok := evidence.Claim(state, ref, m)
	if !ok {
		return f, refuse("evidence", "%s is not agreed yet, or what it stands under is not. Nothing was written. A verdict is shown of what all parties have agreed on.", ref.Display())
	}
	f.Claim = &claim
	return f, nil
}

// evidenceFile answers with the bytes of a proof about a verdict, not with JSON.
func (s *Server) evidenceFile(r *http.Request, v visit, ask AskMonitor) (rawFile, error) {
	ref, err := pathRef(r)
	if err != nil {
		return nil, err
	}
	f, err := EvidenceFile(r.Context(), s.Chancery, v.group, ref, ask)
	if err != nil {
		return nil, err
	}
	var file bytes.Buffer
	err = proof.Write(&file, f)
	return file.Bytes(), err
}
